//! Whom an invitation lets in: a deputy of the roster, or an account of the desk.

use super::model::{Proof, hinted};
use super::store::invited::{self, InvitedAccount};
use super::store::{self, Candidate, Invitation, Whose};
use crate::accounts::{NoCard, Role, no_card};
use crate::ids::AccountId;

/// The person at the door, as the database knows them.
#[derive(Debug)]
pub enum Guest {
    Deputy(Box<Candidate>),
    Account(Box<InvitedAccount>),
}

/// Code, Chinese, English.
pub type Obstacle = (&'static str, &'static str, &'static str);

impl Guest {
    /// Whom the invitation is for; nothing when they are gone.
    pub async fn of(connection: &mut sqlx::PgConnection, invitation: &Invitation) -> Result<Option<Self>, sqlx::Error> {
        match invitation.whose {
            Whose::Deputy(deputy_id) => {
                let everywhere = [String::new()];
                let found = store::list_candidates(connection, invitation.county_id, &everywhere, Some(&[deputy_id.0])).await?;
                Ok(found.into_iter().next().map(|candidate| Self::Deputy(Box::new(candidate))))
            }
            Whose::Account(account_id) => {
                let found = invited::list_accounts(connection, invitation.county_id, &[account_id.0]).await?;
                Ok(found.into_iter().next().map(|account| Self::Account(Box::new(account))))
            }
        }
    }

    pub fn name(&self) -> &str {
        match self {
            Self::Deputy(candidate) => &candidate.name,
            Self::Account(account) => &account.name,
        }
    }

    pub fn constituency(&self) -> &str {
        match self {
            Self::Deputy(candidate) => &candidate.constituency,
            Self::Account(_) => "",
        }
    }

    /// The deputy's township; the account's unit, station or place.
    pub fn place(&self) -> &str {
        match self {
            Self::Deputy(candidate) => &candidate.region.name,
            Self::Account(account) => &account.place,
        }
    }

    fn phone(&self) -> Option<&str> {
        match self {
            Self::Deputy(candidate) => candidate.phone.as_deref(),
            Self::Account(account) => account.phone.as_deref(),
        }
    }

    /// What must be known beside the card.
    pub fn secret(&self, asks_for: Proof) -> Option<&str> {
        match (asks_for, self) {
            (Proof::Login, Self::Account(account)) => Some(&account.login),
            (Proof::Login, Self::Deputy(_)) => None,
            (Proof::Phone, _) => self.phone(),
        }
    }

    /// The number without its middle, where it is the number that is asked for.
    pub fn phone_hint(&self, asks_for: Proof) -> Option<String> {
        (asks_for == Proof::Phone).then(|| self.phone().map(hinted)).flatten()
    }

    pub fn has_password(&self) -> bool {
        match self {
            Self::Deputy(candidate) => candidate.facts.has_password,
            Self::Account(account) => account.has_password,
        }
    }

    /// The account, where there is one.
    pub fn account_id(&self) -> Option<AccountId> {
        match self {
            Self::Deputy(candidate) => candidate.account.as_ref().map(|(account_id, _)| *account_id),
            Self::Account(account) => Some(account.account_id),
        }
    }

    /// What is signed in with once they are in.
    pub fn login(&self) -> &str {
        match self {
            Self::Deputy(candidate) => candidate.phone.as_deref().unwrap_or_default(),
            Self::Account(account) => &account.login,
        }
    }

    /// What a password of theirs may not be made of.
    pub fn own_words(&self) -> Vec<&str> {
        [Some(self.login()), Some(self.name()), self.phone()].into_iter().flatten().collect()
    }

    /// As the audit log names their roles.
    pub fn roles(&self) -> Vec<String> {
        let roles = match self {
            Self::Deputy(_) => vec![Role::Deputy],
            Self::Account(account) => account.roles.clone(),
        };
        let mut names: Vec<String> = roles.into_iter().map(|role| role.as_str().to_owned()).collect();
        names.dedup();
        names
    }

    /// Why they are not let in, if so.
    pub fn obstacle(&self, asks_for: Proof) -> Option<Obstacle> {
        match self {
            Self::Deputy(candidate) => candidate.facts.obstacle(),
            Self::Account(account) => account_obstacle(account, asks_for),
        }
    }
}

fn account_obstacle(account: &InvitedAccount, asks_for: Proof) -> Option<Obstacle> {
    if let Some(obstacle) = no_card(&account.roles, false, account.is_disabled) {
        let (zh, en) = no_card_words(obstacle);
        Some((obstacle.as_str(), zh, en))
    } else if account.awaits_confirmation {
        Some((
            "awaits_confirmation",
            "账号正在等待安全管理员确认。确认后请再扫一次这张卡，卡仍然有效",
            "The account waits for the security administrator. Scan this card again afterwards; it still counts",
        ))
    } else if asks_for == Proof::Phone && account.phone.is_none() {
        // The login stands on such a card: it is no proof.
        Some((
            "no_phone",
            "登记的手机号码已经删除，这张卡不能再用，请联系系统管理员补发",
            "The number on record was erased, so this card cannot be used; ask the administrator for a new one",
        ))
    } else if asks_for == Proof::Login {
        login_shown(account)
    } else {
        None
    }
}

/// Why the login cannot be asked for, if so: it stands in what the card and the page say.
pub fn login_shown(account: &InvitedAccount) -> Option<Obstacle> {
    let shown = [&account.name, &account.place].into_iter().any(|text| text.to_lowercase().contains(&account.login));
    shown.then_some((
        "login_shown",
        "没有登记手机号码，而账号名在卡面的名称里看得到，不能用来核对：请先登记通知手机",
        "There is no telephone number, and the login can be read in the name on the card: save a number for notices first",
    ))
}

/// Why an account cannot be invited by a card, in words.
pub fn no_card_words(obstacle: NoCard) -> (&'static str, &'static str) {
    match obstacle {
        NoCard::Own => {
            ("不能给自己的账号发邀请卡，修改密码请到“我的登录”", "Nobody invites themselves; change your password among your own sign-ins")
        }
        NoCard::Administrator => (
            "系统管理员、安全管理员和审计员的账号不用邀请卡，请当面设置初始密码",
            "The accounts of administrators and auditors are not invited by cards; set a first password in person",
        ),
        NoCard::Disabled => ("账号已停用，请先由系统管理员启用", "The account is disabled; the administrator can enable it"),
        NoCard::DeputyAlone => {
            ("这是代表的账号，邀请卡由人大工委在“代表开通”里发放", "This is a deputy’s account; the working committee invites its deputies")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(roles: &[Role]) -> InvitedAccount {
        InvitedAccount {
            account_id: AccountId(21),
            login: "jiaoyu".to_owned(),
            name: "县教育局".to_owned(),
            phone: Some("13700000001".to_owned()),
            roles: roles.to_vec(),
            place: "县教育局".to_owned(),
            has_password: false,
            is_disabled: false,
            awaits_confirmation: false,
        }
    }

    #[test]
    fn an_account_is_looked_at_again_at_the_door() {
        let code = |account: &InvitedAccount, asks_for| account_obstacle(account, asks_for).map(|obstacle| obstacle.0);
        let unit = account(&[Role::UnitHandler]);
        assert_eq!(code(&unit, Proof::Phone), None);
        assert_eq!(code(&account(&[Role::Committee, Role::Auditor]), Proof::Phone), Some("administrator"));
        assert_eq!(code(&InvitedAccount { awaits_confirmation: true, ..unit.clone() }, Proof::Phone), Some("awaits_confirmation"));
        let without = InvitedAccount { phone: None, ..unit };
        assert_eq!((code(&without, Proof::Phone), code(&without, Proof::Login)), (Some("no_phone"), None));
        let named = InvitedAccount { name: "教育局 JiaoYu 专用".to_owned(), ..without };
        assert_eq!(code(&named, Proof::Login), Some("login_shown"));
        assert_eq!(code(&InvitedAccount { phone: Some("13700000001".to_owned()), ..named }, Proof::Phone), None);
    }

    #[test]
    fn what_is_asked_for_is_never_what_the_card_says() {
        let guest = Guest::Account(Box::new(account(&[Role::UnitHandler])));
        assert_eq!((guest.secret(Proof::Phone), guest.phone_hint(Proof::Phone).as_deref()), (Some("13700000001"), Some("137******01")));
        assert_eq!((guest.secret(Proof::Login), guest.phone_hint(Proof::Login)), (Some("jiaoyu"), None));
    }
}
