//! What is compiled in besides the sources, so that a change of it is a change of the server: the migrations, and in a release the web front
//! end. A development build reads the front end from its folder instead, but only from one that was there when it was compiled.

use std::path::Path;

const WEB_FILES: &str = "../web/dist";

fn main() {
    println!("cargo:rerun-if-changed=../migrations");
    let is_there = Path::new(WEB_FILES).is_dir() || std::fs::create_dir_all(WEB_FILES).is_ok();
    if is_there && std::env::var("PROFILE").as_deref() == Ok("release") {
        println!("cargo:rerun-if-changed={WEB_FILES}");
    }
}
