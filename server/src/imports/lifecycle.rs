//! An import's way: prepared from a file, confirmed, perhaps undone. The desk and the command line go it alike.
//!
//! Confirming compares the file with the county once more, under a lock: when anything differs from what the preview showed, nothing is
//! written and the file has to be read again.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use sqlx::PgConnection;
use uuid::Uuid;

use super::facts::Scope;
use super::finding::{self, Finding};
use super::model::{FileRead, Options, read_file};
use super::outlook::Change;
use super::planning::{self, Plan};
use super::records::name_columns;
use super::store::apply_sites::Writing;
use super::store::{self, Effect, Import, NewImport, Prepared, apply_places, apply_sites};
use crate::audit::{self, Author, Entry, Outcome};
use crate::county::County;
use crate::database::changes;
use crate::http::{Code, Problem};
use crate::ids::Chance;

/// Who imports, where, when, and how far their rights reach.
pub struct Importer<'a> {
    pub county: &'a Arc<County>,
    pub author: &'a Author,
    pub scope: Scope,
    pub now: DateTime<Utc>,
    pub chance: &'a Chance,
}

/// Files read at the same time; each may take a few hundred megabytes for a moment.
static READING: tokio::sync::Semaphore = tokio::sync::Semaphore::const_new(2);

/// How long a file waits for its turn before its sender is asked to come again; the sender's transaction is open meanwhile.
const LONGEST_WAIT: Duration = Duration::from_secs(2);

/// Reads the file away from the threads that serve requests. A reader that breaks down leaves a finding, not a fault.
pub async fn read_apart(bytes: impl AsRef<[u8]> + Send + 'static, options: Options) -> Result<FileRead, Problem> {
    let permit = tokio::time::timeout(LONGEST_WAIT, READING.acquire()).await.map_err(|_| {
        Problem::new(Code::Busy).saying("正在读取其他文件，请稍后再试", "Other files are being read, please try again shortly").retry_after(5)
    })?;
    let empty = read_file(b"", &options);
    let reading = tokio::task::spawn_blocking(move || {
        let _permit = permit;
        read_file(bytes.as_ref(), &options)
    });
    Ok(reading.await.unwrap_or_else(|_| {
        let finding = Finding::error("file_broken").say(
            "文件损坏，无法读取。请用 Excel 或 WPS 打开检查后重新保存。",
            "The file is damaged and cannot be read. Open it, check it and save it again.",
        );
        FileRead { findings: vec![finding], ..empty }
    }))
}

impl Importer<'_> {
    /// Compares what was read with the county and keeps it for confirmation.
    pub async fn prepare(
        &self,
        connection: &mut PgConnection,
        file_name: &str,
        bytes: &[u8],
        read: FileRead,
        options: &Options,
    ) -> Result<Import, sqlx::Error> {
        let plan = planning::plan(connection, self.county, &read.drafts, options, &self.scope).await?;
        let mut findings: Vec<Finding> = read.findings.into_iter().chain(plan.findings().iter().cloned()).collect();
        name_columns(&mut findings, &read.columns);
        let findings = finding::in_order(findings);
        let prepared =
            Prepared { datum: options.datum, year: options.year, columns: read.columns, drafts: read.drafts, outlook: plan.outlook().clone() };
        let import_id = self.chance.uuid(self.now);
        let new = NewImport {
            import_id,
            kind: options.kind,
            file_name,
            sha256: Sha256::digest(bytes).into(),
            prepared: &prepared,
            findings: &findings,
            created_by: self.author.account_id,
        };
        store::insert_import(connection, self.county.county_id, new, self.now).await?;
        self.audit(connection, "import.prepare", import_id, serde_json::json!({"kind": options.kind.as_str(), "rows": prepared.drafts.len()}))
            .await?;
        Ok(Import {
            import_id,
            kind: options.kind,
            file_name: file_name.to_owned(),
            prepared,
            findings,
            created_by: self.author.account_id,
            created_at: self.now,
            confirmed_at: None,
            effect: None,
            undone_at: None,
        })
    }

    /// Writes what the preview showed, all of it or nothing.
    pub async fn confirm(&self, connection: &mut PgConnection, import: Import) -> Result<Import, Problem> {
        if import.confirmed_at.is_some() {
            return Err(Problem::new(Code::Conflict).saying("这次导入已经确认过了", "This import has been confirmed already"));
        }
        if !import.can_confirm() {
            return Err(
                Problem::new(Code::Conflict).saying("文件有错误，不能导入。请改好后重新上传", "The file has errors. Mend it and upload it again")
            );
        }
        store::lock_county(connection, self.county.county_id).await?;
        let options = Options { kind: import.kind, datum: import.prepared.datum, year: import.prepared.year };
        let plan = planning::plan(connection, self.county, &import.prepared.drafts, &options, &self.scope).await?;
        if plan.findings().iter().any(Finding::is_error) || *plan.outlook() != import.prepared.outlook {
            return Err(Problem::new(Code::Conflict).saying(
                "预览之后县里的数据有了变化。请重新上传这个文件，核对新的预览",
                "The county's data changed since the preview. Upload the file again",
            ));
        }
        let effect = self.write(connection, &plan, &options).await?;
        if !store::mark_confirmed(connection, self.county.county_id, import.import_id, &effect, self.now).await? {
            return Err(Problem::new(Code::Conflict).saying("这次导入已经确认过了", "This import has been confirmed already"));
        }
        let outlook = &import.prepared.outlook;
        let detail = serde_json::json!({"kind": import.kind.as_str(), "new": outlook.count(Change::New), "changed": outlook.count(Change::Changed)});
        self.audit(connection, "import.confirm", import.import_id, detail).await?;
        changes::county_changed(connection, self.county.county_id, self.now).await?;
        Ok(Import { confirmed_at: Some(self.now), effect: Some(effect), ..import })
    }

    async fn write(&self, connection: &mut PgConnection, plan: &Plan, options: &Options) -> Result<Effect, sqlx::Error> {
        let mut effect = Effect::default();
        let county_id = self.county.county_id;
        let writing = Writing { county_id, account_id: self.author.account_id, now: self.now, datum: options.datum, year: options.year };
        match plan {
            Plan::Sites(plan) => apply_sites::apply_sites(connection, writing, plan, &mut effect).await?,
            Plan::Regions(plan) => apply_places::apply_regions(connection, county_id, plan, &mut effect).await?,
            Plan::GridCells(plan) => apply_places::apply_grid_cells(connection, county_id, plan, &mut effect).await?,
            Plan::Stations(plan) => apply_places::apply_stations(connection, writing, plan, &mut effect).await?,
            Plan::Deputies(plan) => {
                let today = self.county.date_at(self.now);
                apply_places::apply_deputies(connection, county_id, plan, today, self.chance, &mut effect).await?;
            }
        }
        Ok(effect)
    }

    /// Puts back what confirming changed; refused when later work stands on it.
    pub async fn undo(&self, connection: &mut PgConnection, import: Import) -> Result<Import, Problem> {
        let county_id = self.county.county_id;
        store::lock_county(connection, county_id).await?;
        let (Some(confirmed_at), Some(effect), None) = (import.confirmed_at, &import.effect, import.undone_at) else {
            return Err(
                Problem::new(Code::Conflict).saying("只有已确认且未撤销的导入可以撤销", "Only a confirmed import that is not undone can be undone")
            );
        };
        if let Some(later) = store::find_later_import(connection, county_id, import.import_id).await? {
            return Err(match self.scope {
                Scope::County => in_use(format!("之后还确认过“{later}”，请先撤销它"), format!("\"{later}\" was confirmed later; undo it first")),
                Scope::Regions(_) => in_use(
                    "之后还确认过别的导入，不能直接撤销。请联系县人大常委会".to_owned(),
                    "Another import was confirmed later. Ask the county's committee".to_owned(),
                ),
            });
        }
        if let Some(merged) = store::undo::find_later_merger(connection, county_id, confirmed_at).await? {
            return Err(in_use(
                format!("之后“{merged}”已并入别的镇街，不能撤销"),
                format!("\"{merged}\" became part of another township since; this cannot be undone"),
            ));
        }
        store::undo::lock_sites(connection, county_id, effect).await?;
        self.require_decisions(connection, effect).await?;
        if let Some(site) = store::undo::find_site_in_use(connection, county_id, effect, confirmed_at).await? {
            return Err(in_use(
                format!("点位“{site}”已有代表反馈、状态变更、计划调整或销号，不能撤销"),
                format!("Site \"{site}\" already has reports, a change of stage or plan, or a strike-off"),
            ));
        }
        if let Some(deputy) = store::undo::find_deputy_in_use(connection, county_id, effect).await? {
            return Err(in_use(
                format!("代表“{deputy}”已就导入的领办点位提交反馈，不能撤销"),
                format!("Deputy \"{deputy}\" has already reported on a site adopted by this import"),
            ));
        }
        store::undo::undo(connection, county_id, effect, self.now).await.map_err(stands_on_it)?;
        if !store::mark_undone(connection, county_id, import.import_id, self.now).await? {
            return Err(Problem::new(Code::Conflict).saying("这次导入已经撤销了", "This import has been undone already"));
        }
        self.audit(connection, "import.undo", import.import_id, serde_json::json!({"kind": import.kind.as_str()})).await?;
        changes::county_changed(connection, county_id, self.now).await?;
        Ok(Import { undone_at: Some(self.now), ..import })
    }

    /// A township takes nothing back about a site that the county reserved to itself since.
    async fn require_decisions(&self, connection: &mut PgConnection, effect: &Effect) -> Result<(), Problem> {
        if self.scope == Scope::County {
            return Ok(());
        }
        match store::undo::find_key_site(connection, self.county.county_id, effect).await? {
            Some(site) => Err(in_use(
                format!("点位“{site}”已列为重点点位，由县人大常委会直接办理，镇街不能撤销这次导入"),
                format!("Site \"{site}\" is reserved to the county since; a township cannot undo this import"),
            )),
            None => Ok(()),
        }
    }

    async fn audit(&self, connection: &mut PgConnection, action: &str, import_id: Uuid, detail: serde_json::Value) -> Result<(), sqlx::Error> {
        let entry = Entry { action, object: ("import", &import_id.to_string()), outcome: Outcome::Done, detail };
        audit::record(connection, self.author, entry, self.now).await
    }
}

impl Import {
    /// No error, something to write, not confirmed yet.
    pub fn can_confirm(&self) -> bool {
        self.confirmed_at.is_none() && !self.prepared.drafts.is_empty() && !self.findings.iter().any(Finding::is_error)
    }
}

fn in_use(zh: String, en: String) -> Problem {
    Problem::new(Code::Conflict).saying(zh, en)
}

/// A foreign key that would break says that something made later stands on what the import made.
fn stands_on_it(error: sqlx::Error) -> Problem {
    let foreign_key = matches!(&error, sqlx::Error::Database(database) if database.is_foreign_key_violation());
    if !foreign_key {
        return Problem::from(error);
    }
    in_use(
        "导入的内容已被使用（例如已为其建立账号、设立联络站或收到反馈），不能撤销".to_owned(),
        "What was imported is already in use, for instance by an account or a report".to_owned(),
    )
    .because(error)
}
