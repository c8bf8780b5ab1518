//! Imports and new counties at the command line; `main` parses the arguments and prints what these give back.

use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, bail};
use chrono::Datelike;
use geodata::datum::Datum;
use geodata::region_code::{RegionCode, RegionLevel};
use sqlx::PgPool;

use super::facts::Scope;
use super::finding::{Finding, Severity};
use super::lifecycle::{Importer, read_apart};
use super::model::{ImportKind, Options};
use super::outlook::Change;
use super::store::Import;
use super::table::MOST_BYTES;
use crate::audit::{self, Author, Entry, Outcome};
use crate::clock::Clock;
use crate::county::County;
use crate::database::broken_constraint;
use crate::database::changes;
use crate::ids::{Chance, CountyId};
use crate::regions;

/// What `minsheng-map import` was asked to do.
#[derive(Clone, Debug)]
pub struct ImportRequest<'a> {
    pub kind: &'a str,
    pub file: &'a Path,
    pub datum: &'a str,
    /// The projects' year; the county's present one when not said.
    pub year: Option<i32>,
    /// Only show what would happen.
    pub dry_run: bool,
}

/// What to print, and whether the command succeeded.
#[derive(Clone, Debug)]
pub struct Printed {
    pub text: String,
    pub succeeded: bool,
}

/// Makes a county with its own region. Gives its number.
pub async fn create_county(pool: &PgPool, clock: &Clock, code: &str, name: &str) -> anyhow::Result<CountyId> {
    let code: RegionCode = code.parse().map_err(|error| anyhow::anyhow!("--code {code}: {error}"))?;
    if code.level() != RegionLevel::County {
        bail!("--code: 县的区划代码是 6 位数字 (a county's code has six digits)");
    }
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 100 {
        bail!("--name: 名称应为 1 到 100 个字 (1 to 100 characters)");
    }
    let now = clock.now();
    let mut tx = pool.begin().await?;
    let made = regions::store::insert_county(&mut tx, code.as_str(), name, false, now).await;
    let county_id = match made {
        Err(error) if broken_constraint(&error) == Some("counties_code_key") => bail!("县 {code} 已经存在 (the county exists already)"),
        made => made?,
    };
    let entry =
        Entry { action: "county.create", object: ("county", code.as_str()), outcome: Outcome::Done, detail: serde_json::json!({"name": name}) };
    audit::record(&mut tx, &Author::command(Some(county_id)), entry, now).await?;
    changes::county_changed(&mut tx, county_id, now).await?;
    tx.commit().await?;
    Ok(county_id)
}

/// Reads a file, shows every finding, and imports it unless there are errors or only a trial was asked for.
pub async fn import(pool: &PgPool, clock: &Clock, chance: &Chance, county: &Arc<County>, request: ImportRequest<'_>) -> anyhow::Result<Printed> {
    let kinds = ImportKind::ALL.map(ImportKind::as_str).join(", ");
    let kind = ImportKind::from_name(request.kind).with_context(|| format!("the kind is one of {kinds}"))?;
    let datum = Datum::from_name(request.datum).context("--datum is one of wgs84, cgcs2000, gcj02, bd09")?;
    let now = clock.now();
    let year = request.year.unwrap_or_else(|| county.date_at(now).year());
    let options = Options { kind, datum, year };
    let size = tokio::fs::metadata(request.file).await.with_context(|| format!("cannot read {}", request.file.display()))?.len();
    if size > MOST_BYTES as u64 {
        bail!("{}: 文件超过 20 MB (larger than 20 MB)", request.file.display());
    }
    let bytes = tokio::fs::read(request.file).await.with_context(|| format!("cannot read {}", request.file.display()))?;
    let read = read_apart(bytes.clone(), options.clone()).await.map_err(|problem| anyhow::anyhow!("{}", problem.chinese()))?;
    let author = Author::command(Some(county.county_id));
    let importer = Importer { county, author: &author, scope: Scope::County, now, chance };
    let name = request.file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let mut tx = pool.begin().await?;
    let import = importer.prepare(&mut tx, &name, &bytes, read, &options).await?;
    let mut text = findings_table(&import.findings);
    let ready = import.can_confirm();
    if request.dry_run || !ready {
        tx.rollback().await?;
        text.push_str(&summary(
            &import,
            if ready { "试读，没有写入 (dry run, nothing written)" } else { "有错误，没有写入 (errors, nothing written)" },
        ));
        return Ok(Printed { text, succeeded: ready });
    }
    let import = importer.confirm(&mut tx, import).await.map_err(|problem| anyhow::anyhow!("{}", problem.chinese()))?;
    tx.commit().await?;
    text.push_str(&summary(&import, "已导入 (imported)"));
    Ok(Printed { text, succeeded: true })
}

/// The findings as lines of a table, most serious first.
fn findings_table(findings: &[Finding]) -> String {
    let mut text = String::new();
    for finding in findings {
        let severity = match finding.severity {
            Severity::Error => "错误",
            Severity::Warning => "提醒",
            Severity::Note => "说明",
        };
        let row = finding.row.map(|row| format!("第{row}行")).unwrap_or_default();
        let place: Vec<&str> = [finding.sheet.as_str(), &row, &finding.column].into_iter().filter(|part| !part.is_empty()).collect();
        let value = if finding.value.is_empty() { String::new() } else { format!("「{}」", finding.value) };
        let _ = writeln!(text, "{severity} | {} | {value} | {}", place.join(" "), finding.message.zh);
    }
    text
}

fn summary(import: &Import, ending: &str) -> String {
    let count = |change| import.prepared.outlook.count(change);
    format!(
        "{}：{} 行，新增 {}，更改 {}，不变 {}。{ending}\n",
        import.file_name,
        import.prepared.drafts.len(),
        count(Change::New),
        count(Change::Changed),
        count(Change::Unchanged)
    )
}
