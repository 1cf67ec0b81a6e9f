//! The `dunlint` command.

fn main() {}
