//! The migrations are compiled in, so a change of theirs is a change of the server.
#![expect(clippy::print_stdout, reason = "a build script speaks to cargo on its standard output")]

fn main() {
    println!("cargo:rerun-if-changed=../migrations");
}
