//! A picture is on the disk before the database knows of it, as the system calls of the server tell.

use std::process::Command;

use harness::{eventually, pictures};
use reqwest::Method;

use crate::victim::Victim;
use crate::{Ground, signed_in};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_picture_is_flushed_renamed_and_its_folder_flushed_before_the_row_is_committed() {
    if Command::new("strace").arg("-V").output().is_err() {
        eprintln!("NOT TESTED: strace is not installed, so the order of writes was not looked at");
        return;
    }
    let ground = Ground::prepare().await;
    let mut victim = Victim::start(ground.cluster.url(), ground.data()).await;
    let calls = ground.folder.join("calls");
    let log = calls.to_str().expect("a path");
    // -D: the server stays our own child, so that stopping it stops it and not its watcher.
    let watched = "trace=fsync,fdatasync,rename,renameat,renameat2,write,sendto";
    victim.restart_under(&["strace", "-D", "-f", "-y", "-s", "80", "-e", watched, "-o", log]).await;
    let deputy = signed_in(&ground.pool, ground.world.account("deputy"), victim.origin()).await;
    let photo = pictures::jpeg(1);
    let hash = pictures::sha256(&photo);
    let answer = deputy.request(Method::PUT, &format!("/api/photos/{hash}")).body(photo).send().await.expect("an answer");
    assert_eq!(answer.status().as_u16(), 201);
    victim.stop();
    let ended = || async { std::fs::read_to_string(&calls).is_ok_and(|text| text.lines().last().is_some_and(|line| line.contains("+++ killed"))) };
    eventually("the watcher notes the end", ended).await;
    let calls = std::fs::read_to_string(&calls).expect("the calls");
    let lines: Vec<&str> = calls.lines().collect();
    let after = |from: usize, what: &str, fits: &dyn Fn(&str) -> bool| {
        lines[from..].iter().position(|line| fits(line)).map_or_else(|| panic!("{what} never came after line {from}:\n{calls}"), |place| from + place)
    };
    let renamed = |ending: &str| {
        let target = format!("{hash}.{ending}\"");
        after(0, "the rename", &|line| line.contains("rename") && line.contains(&target))
    };
    let (full, thumbnail) = (renamed("jpg"), renamed("thumb.jpg"));
    for (name, place) in [("picture", full), ("thumbnail", thumbnail)] {
        // The temporary name is the first path of the rename; its flush comes before.
        let temporary = lines[place].split('"').nth(1).expect("a temporary name");
        let flushed = lines[..place].iter().any(|line| line.contains("fsync(") && line.contains(temporary));
        assert!(flushed, "the {name} was renamed before it was flushed:\n{calls}");
    }
    let folder = format!("/{}>", &hash[..2]);
    let folder_flushed = after(full.max(thumbnail), "the flush of the folder", &|line| line.contains("fsync(") && line.contains(&folder));
    let row = lines.iter().position(|line| line.contains("insert into photos"));
    assert!(row.is_none_or(|row| row > folder_flushed), "the row was written before the folder was flushed:\n{calls}");
    let committed = after(folder_flushed, "the commit", &|line| line.contains("COMMIT"));
    assert!(committed > folder_flushed);
    ground.remove().await;
}
