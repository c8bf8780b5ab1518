//! A clock for one server process that a test moves while the process runs; the database keeps the machine's.

use std::path::{Path, PathBuf};
use std::process::Command;

use chrono::{DateTime, Utc};

/// Makes the library that moves the clock of whichever process loads it before others.
pub fn build_library(folder: &Path) -> PathBuf {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("faults/moved_clock.c");
    let library = folder.join("moved_clock.so");
    let built = Command::new("cc").args(["-O1", "-shared", "-fPIC", "-o"]).arg(&library).arg(source).arg("-ldl").status();
    assert!(built.expect("a C compiler, as for linking").success());
    library
}

/// The clock of one process.
#[derive(Debug)]
pub struct MovedClock {
    file: PathBuf,
}

impl MovedClock {
    pub fn at(file: PathBuf, now: DateTime<Utc>) -> Self {
        let clock = Self { file };
        clock.set(now);
        clock
    }

    /// The process reads this time from now on; its clock runs on from there.
    pub fn set(&self, now: DateTime<Utc>) {
        use std::os::unix::fs::FileExt;
        let seconds = (now - Utc::now()).num_seconds();
        let file = std::fs::OpenOptions::new().create(true).truncate(false).write(true).open(&self.file).expect("the clock's file");
        // In one piece, over what the process has mapped.
        file.write_all_at(&seconds.to_ne_bytes(), 0).expect("moved");
    }

    pub fn environment(&self, library: &Path) -> Vec<(&'static str, String)> {
        let text = |path: &Path| path.to_string_lossy().into_owned();
        vec![("LD_PRELOAD", text(library)), ("MINSHENG_CLOCK_FILE", text(&self.file))]
    }
}
