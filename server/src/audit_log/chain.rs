//! The chain of the audit log, computed again apart from the database that wrote it. Pure.
//!
//! A line's text is its values in order, each as `{bytes}:{value},` or `-,` for none; its hash is SHA-256 of the hash before it followed
//! by that text. The same text is made by `audit_line_text` in the migrations: an altered function there does not change what holds here.

use std::fmt;

use sha2::{Digest, Sha256};

/// A place in a chain, as a published head says it: the number of the line in the chain, from 1, and the hash there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    pub position: i64,
    pub hash: Vec<u8>,
}

/// One link as the database holds it, with the values of its line in the order of the text; `None` when the line is gone.
#[derive(Debug, Clone)]
pub struct Link {
    pub position: i64,
    pub audit_id: i64,
    pub hash: Vec<u8>,
    pub line: Option<LineValues>,
}

/// The values of a line after its position and number, as text.
#[derive(Debug, Clone)]
pub struct LineValues {
    pub at: String,
    pub action: String,
    /// County, moment, account, kind of actor, roles, action, kind and id of the object, outcome, address, user agent, request, detail.
    pub values: [Option<String>; 13],
}

/// The first thing in a chain that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The line says something else than when it was written, or its hash was altered.
    Altered { audit_id: i64, at: String, action: String },
    /// The chain names the line, and it is not there.
    Removed { audit_id: i64 },
    /// Links are missing before this position.
    Gap { position: i64 },
    /// The chain ends before or after its head, or with another hash.
    Head { ends_at: i64, head: i64 },
    /// The line stands in the log and in no chain.
    Unchained { audit_id: i64 },
    /// A published head says another hash at its position, or the chain does not reach it.
    Published { position: i64 },
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Altered { audit_id, at, action } => write!(out, "第 {audit_id} 行被改动 line {audit_id} was altered: {at} {action}"),
            Self::Removed { audit_id } => write!(out, "第 {audit_id} 行被删除 line {audit_id} was removed"),
            Self::Gap { position } => write!(out, "链条在第 {position} 环之前中断 links are missing before position {position}"),
            Self::Head { ends_at, head } => {
                write!(out, "链条止于第 {ends_at} 环，链头为第 {head} 环 the chain ends at {ends_at}, its head says {head}")
            }
            Self::Unchained { audit_id } => write!(out, "第 {audit_id} 行不在链条中 line {audit_id} is in no chain"),
            Self::Published { position } => write!(out, "与公布的第 {position} 环不符 the head published for position {position} does not hold"),
        }
    }
}

/// Follows a chain link by link.
#[derive(Debug, Default)]
pub struct Walk {
    position: i64,
    hash: Vec<u8>,
    published: Vec<Head>,
}

impl Walk {
    /// A walk from the first link that also compares the heads published elsewhere.
    pub fn new(mut published: Vec<Head>) -> Self {
        published.sort_by_key(|head| std::cmp::Reverse(head.position));
        Self { published, ..Self::default() }
    }

    /// Links followed so far.
    pub const fn position(&self) -> i64 {
        self.position
    }

    /// Takes the next link.
    pub fn follow(&mut self, link: &Link) -> Result<(), Fault> {
        if link.position != self.position + 1 {
            return Err(Fault::Gap { position: link.position });
        }
        let Some(line) = &link.line else {
            return Err(Fault::Removed { audit_id: link.audit_id });
        };
        let hash = Sha256::new().chain_update(&self.hash).chain_update(text(link.position, link.audit_id, line)).finalize().to_vec();
        if hash != link.hash {
            return Err(Fault::Altered { audit_id: link.audit_id, at: line.at.clone(), action: line.action.clone() });
        }
        (self.position, self.hash) = (link.position, hash);
        while let Some(head) = self.published.pop_if(|head| head.position <= link.position) {
            if head.position != link.position || head.hash != self.hash {
                return Err(Fault::Published { position: head.position });
            }
        }
        Ok(())
    }

    /// Compares the end of the chain with its head and with what was published further on.
    pub fn end(self, head: Option<&Head>) -> Result<Head, Fault> {
        if let Some(head) = self.published.last() {
            return Err(Fault::Published { position: head.position });
        }
        let end = Head { position: self.position, hash: self.hash };
        match head {
            None if end.position == 0 => Ok(end),
            Some(head) if *head == end => Ok(end),
            other => Err(Fault::Head { ends_at: end.position, head: other.map_or(0, |head| head.position) }),
        }
    }
}

fn text(position: i64, audit_id: i64, line: &LineValues) -> String {
    let mut text = value(Some(&position.to_string())) + &value(Some(&audit_id.to_string()));
    for one in &line.values {
        text += &value(one.as_deref());
    }
    text
}

fn value(value: Option<&str>) -> String {
    value.map_or_else(|| "-,".to_owned(), |value| format!("{}:{value},", value.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(position: i64, before: &[u8], action: &str) -> Link {
        let values = std::array::from_fn(|index| (index == 5).then(|| action.to_owned()));
        let line = LineValues { at: "2026-11-22T00:00:00.000000Z".to_owned(), action: action.to_owned(), values };
        let hash = Sha256::new().chain_update(before).chain_update(text(position, position * 10, &line)).finalize().to_vec();
        Link { position, audit_id: position * 10, hash, line: Some(line) }
    }

    fn chain(actions: &[&str]) -> Vec<Link> {
        let mut links: Vec<Link> = Vec::new();
        for (index, action) in actions.iter().enumerate() {
            let before = links.last().map(|link| link.hash.clone()).unwrap_or_default();
            links.push(link(i64::try_from(index).expect("short") + 1, &before, action));
        }
        links
    }

    fn walk(links: &[Link], published: Vec<Head>) -> Result<Head, Fault> {
        let mut walk = Walk::new(published);
        for link in links {
            walk.follow(link)?;
        }
        let head = links.last().map(|link| Head { position: link.position, hash: link.hash.clone() });
        walk.end(head.as_ref())
    }

    #[test]
    fn a_value_cannot_lend_its_end_to_the_next() {
        assert_eq!(value(Some("桥,1")), "5:桥,1,");
        assert_eq!(value(Some("")), "0:,");
        assert_eq!(value(None), "-,");
    }

    #[test]
    fn a_whole_chain_ends_at_its_head() {
        let links = chain(&["site.correct", "site.remind", "site.strike_off"]);
        assert_eq!(walk(&links, Vec::new()).map(|head| head.position), Ok(3));
        assert_eq!(walk(&[], Vec::new()).map(|head| head.position), Ok(0));
    }

    #[test]
    fn the_first_line_at_fault_is_named() {
        let mut links = chain(&["site.correct", "site.remind", "site.strike_off"]);
        links[1].line.as_mut().expect("there").values[5] = Some("site.reopen".to_owned());
        assert!(matches!(walk(&links, Vec::new()), Err(Fault::Altered { audit_id: 20, .. })));
        links[1].line = None;
        assert_eq!(walk(&links, Vec::new()), Err(Fault::Removed { audit_id: 20 }));
        links.remove(1);
        assert_eq!(walk(&links, Vec::new()), Err(Fault::Gap { position: 3 }));
    }

    #[test]
    fn a_chain_written_anew_shows_at_what_was_published() {
        let published = chain(&["site.correct", "site.remind"]).pop().map(|link| Head { position: 2, hash: link.hash }).expect("two");
        let anew = chain(&["site.correct", "site.reopen", "site.strike_off"]);
        assert_eq!(walk(&anew, vec![published.clone()]), Err(Fault::Published { position: 2 }));
        assert_eq!(walk(&anew[..1], vec![published.clone()]), Err(Fault::Published { position: 2 }));
        assert!(walk(&chain(&["site.correct", "site.remind", "site.strike_off"]), vec![published]).is_ok());
    }

    #[test]
    fn a_chain_cut_short_does_not_reach_its_head() {
        let links = chain(&["site.correct", "site.remind"]);
        let mut walk = Walk::new(Vec::new());
        walk.follow(&links[0]).expect("whole");
        let head = Head { position: 2, hash: links[1].hash.clone() };
        assert_eq!(walk.end(Some(&head)), Err(Fault::Head { ends_at: 1, head: 2 }));
    }
}
