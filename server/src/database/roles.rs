//! The role that serves: it owns nothing, makes and drops nothing, and neither changes nor removes what only grows.
//!
//! Its rights are worked out from the catalogue after every migration, so a new table has them at once: what carries the trigger
//! `refuse_change` for every row may only be added to, the rest read and written. See docs/decisions/0065.

use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection, PgPool};

use super::DatabaseError;

/// Each right that a role lacks or has too many, as the statement that puts it right.
const DIFFERENCES: &str = "
    with tables as (
        select c.oid, c.relname::text as name,
               case
                   -- Migrations are the owner's; the audit chain is written by its trigger.
                   when c.relname in ('_sqlx_migrations', 'audit_chain', 'audit_heads') then '{SELECT}'
                   when exists (select from pg_trigger t join pg_proc p on p.oid = t.tgfoid
                                where t.tgrelid = c.oid and p.proname = 'refuse_change' and t.tgqual is null) then '{SELECT,INSERT}'
                   else '{SELECT,INSERT,UPDATE,DELETE}'
               end::text[] as rights
        from pg_class c
        where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p', 'v', 'm')
          and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
    )
    select format(case when one = any(rights) then 'grant %s on table %I to %I' else 'revoke %s on table %I from %I' end, one, name, $1)
    from tables cross join unnest('{SELECT,INSERT,UPDATE,DELETE,TRUNCATE,REFERENCES,TRIGGER}'::text[]) as one
    where has_table_privilege($1, oid, one) <> (one = any(rights))
    union all
    select format('grant usage on schema %I to %I', current_schema(), $1) where not has_schema_privilege($1, current_schema(), 'USAGE')
    union all
    select format('revoke create on schema %I from public, %I', current_schema(), $1) where has_schema_privilege($1, current_schema(), 'CREATE')
    union all
    select format('revoke create on database %I from public, %I', current_database(), $1)
    where has_database_privilege($1, current_database(), 'CREATE')";

/// Tables of a session's own could stand before the real ones; only the database's owner can forbid them.
const TEMPORARY_TABLES: &str = "
    select format('revoke temporary on database %I from public, %I', datname, $1) from pg_database
    where datname = current_database() and pg_has_role(current_user, datdba, 'USAGE') and has_database_privilege($1, datname, 'TEMPORARY')";

/// Gives `role` what serving needs and takes what it does not, as the owner of the tables. Does nothing when all is as it should be.
pub async fn grant_serving(owner: &PgConnectOptions, role: &str) -> Result<(), DatabaseError> {
    let mut connection = PgConnection::connect_with(&owner.clone().disable_statement_logging()).await?;
    let mut tx = connection.begin().await?;
    // Several processes start at once; rights are rows of the catalogue, which cannot be changed by two.
    sqlx::query("select pg_advisory_xact_lock(7224)").execute(&mut *tx).await?;
    let mut statements: Vec<String> = sqlx::query_scalar(DIFFERENCES).bind(role).fetch_all(&mut *tx).await?;
    statements.extend(sqlx::query_scalar::<_, String>(TEMPORARY_TABLES).bind(role).fetch_all(&mut *tx).await?);
    for statement in statements {
        sqlx::query(AssertSqlSafe(statement)).execute(&mut *tx).await?;
    }
    let left: Vec<String> = sqlx::query_scalar(DIFFERENCES).bind(role).fetch_all(&mut *tx).await?;
    // Of a superuser or an owner nothing can be taken: then nothing is done at all.
    if let Some(statement) = left.first() {
        return Err(DatabaseError::Rights { role: role.to_owned(), statement: statement.clone(), count: left.len() });
    }
    tx.commit().await?;
    connection.close().await?;
    Ok(())
}

/// Whether the pool's role could change the schema, or what only grows: then the triggers are the only net.
pub async fn serves_as_owner(pool: &PgPool) -> Result<bool, DatabaseError> {
    let question = "select has_schema_privilege(current_schema(), 'CREATE') or has_table_privilege('audit_log', 'DELETE')";
    Ok(sqlx::query_scalar(question).fetch_one(pool).await?)
}

/// Makes the private cluster's serving role when it is not there yet, as in clusters of before.
pub(super) async fn make_role(owner: &mut PgConnection, role: &str) -> Result<(), sqlx::Error> {
    let exists: bool = sqlx::query_scalar("select exists (select from pg_roles where rolname = $1)").bind(role).fetch_one(&mut *owner).await?;
    if !exists {
        let statement = format!("create role {role} login noinherit nosuperuser nocreatedb nocreaterole noreplication nobypassrls");
        sqlx::query(AssertSqlSafe(statement)).execute(owner).await?;
    }
    Ok(())
}
