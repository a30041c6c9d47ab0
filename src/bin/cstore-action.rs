//! The action.
fn main() {}
