//! Who reads the audit log. Pure.

use crate::accounts::{Actor, Role};

/// Whether the person reads the log and takes it out as a file: the auditor, and nobody else.
pub fn may_read_log(actor: &Actor) -> bool {
    actor.is(Role::Auditor)
}
