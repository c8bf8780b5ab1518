//! The picture store: a folder whose files are named by what was sent, written so that a file which has its name also has its content.
//!
//! Order of every write: temporary file in the same folder, fsync of the file, rename, fsync of the folder; only then may the database
//! learn of it. Blocking work throughout; callers move it off the async threads.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::gate::Prepared;
use super::model::PhotoHash;

/// The published picture or its small copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    Full,
    Thumbnail,
}

impl Size {
    const BOTH: [Self; 2] = [Self::Full, Self::Thumbnail];

    fn ending(self) -> &'static str {
        match self {
            Self::Full => "jpg",
            Self::Thumbnail => "thumb.jpg",
        }
    }
}

/// Whether a write waits until the disk has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flush {
    /// Each file and folder by itself, before its database row is committed.
    Each,
    /// Not at all: the caller calls [`PhotoStore::flush_all`] after a bulk of them.
    Later,
}

/// A folder of pictures: `<county code>/<first two digits>/<sha256>.jpg` and `….thumb.jpg`.
#[derive(Debug, Clone)]
pub struct PhotoStore {
    folder: Arc<Path>,
    writes: Arc<AtomicU64>,
}

impl PhotoStore {
    /// The store below a data folder; nothing is made until the first picture comes.
    pub fn in_data_folder(data_folder: &Path) -> Self {
        Self { folder: data_folder.join("photos").into(), writes: Arc::default() }
    }

    fn path(&self, county_code: &str, hash: PhotoHash, size: Size) -> PathBuf {
        let name = hash.to_string();
        self.folder.join(county_code).join(&name[..2]).join(format!("{name}.{}", size.ending()))
    }

    /// Stores both sizes. Safe to repeat: the same content takes the same place.
    pub fn write(&self, county_code: &str, hash: PhotoHash, prepared: &Prepared, flush: Flush) -> io::Result<()> {
        let target = self.path(county_code, hash, Size::Full);
        let folder = target.parent().unwrap_or(&self.folder);
        self.make_folder(folder, flush)?;
        for (size, bytes) in [(Size::Full, &prepared.picture), (Size::Thumbnail, &prepared.thumbnail)] {
            self.write_file(&self.path(county_code, hash, size), folder, bytes, flush)?;
        }
        if flush == Flush::Each {
            File::open(folder)?.sync_all()?;
        }
        Ok(())
    }

    fn write_file(&self, target: &Path, folder: &Path, bytes: &[u8], flush: Flush) -> io::Result<()> {
        let number = self.writes.fetch_add(1, Ordering::Relaxed);
        let temporary = folder.join(format!(".{}-{number}.part", std::process::id()));
        let written = (|| {
            let mut file = File::create(&temporary)?;
            file.write_all(bytes)?;
            if flush == Flush::Each {
                file.sync_all()?;
            }
            fs::rename(&temporary, target)
        })();
        if written.is_err() {
            // What is left of a write that failed would only take up the room that was missing.
            let _ = fs::remove_file(&temporary);
        }
        written
    }

    /// Makes the folder and whatever is missing above it, each made durable by the one above.
    fn make_folder(&self, folder: &Path, flush: Flush) -> io::Result<()> {
        if folder.is_dir() {
            return Ok(());
        }
        let Some(above) = folder.parent() else { return Ok(()) };
        self.make_folder(above, flush)?;
        match fs::create_dir(folder) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
        if flush == Flush::Each { File::open(above)?.sync_all() } else { Ok(()) }
    }

    /// The bytes to serve; none when there is no such file.
    pub fn read(&self, county_code: &str, hash: PhotoHash, size: Size) -> io::Result<Option<Vec<u8>>> {
        match fs::read(self.path(county_code, hash, size)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Whether both sizes are there.
    pub fn has(&self, county_code: &str, hash: PhotoHash) -> bool {
        Size::BOTH.into_iter().all(|size| self.path(county_code, hash, size).is_file())
    }

    /// Removes both sizes; what is not there needs no removing.
    pub fn remove(&self, county_code: &str, hash: PhotoHash) -> io::Result<()> {
        for size in Size::BOTH {
            match fs::remove_file(self.path(county_code, hash, size)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }

    /// Names of the pictures whose files have lain in the county's folder for at least `age`, and leftovers of interrupted writes.
    pub fn list_older_than(&self, county_code: &str, age: Duration) -> io::Result<(Vec<PhotoHash>, Vec<PathBuf>)> {
        let (mut hashes, mut leftovers) = (Vec::new(), Vec::new());
        let county = self.folder.join(county_code);
        if !county.is_dir() {
            return Ok((hashes, leftovers));
        }
        for part in fs::read_dir(county)? {
            for entry in fs::read_dir(part?.path())? {
                let entry = entry?;
                if entry.metadata()?.modified()?.elapsed().unwrap_or_default() < age {
                    continue;
                }
                let name = entry.file_name().to_string_lossy().into_owned();
                match name.split_once('.') {
                    Some((hash, "jpg" | "thumb.jpg")) => hashes.extend(hash.parse::<PhotoHash>()),
                    Some(("", rest)) if rest.ends_with(".part") => leftovers.push(entry.path()),
                    _ => {}
                }
            }
        }
        hashes.sort_unstable();
        hashes.dedup();
        Ok((hashes, leftovers))
    }

    /// Waits until the disk has everything written so far.
    pub fn flush_all(&self) -> io::Result<()> {
        if self.folder.is_dir() {
            rustix::fs::syncfs(File::open(&self.folder)?)?;
        }
        Ok(())
    }

    /// Free space for pictures, in MiB.
    pub fn free_mib(&self) -> io::Result<u64> {
        let mut folder: &Path = &self.folder;
        while !folder.exists() {
            let Some(above) = folder.parent() else { break };
            folder = above;
        }
        let space = rustix::fs::statvfs(folder)?;
        Ok(space.f_bavail.saturating_mul(space.f_frsize) / (1024 * 1024))
    }
}
