//! What actions/runner makes of what a step leaves behind: its file commands and its output.
//!
//! These are ports of the runner's C# by hand, kept close to the original so that the two can be compared, and written
//! without a look at the code under test. They cover the runner on Linux.
//!
//! Source: <https://github.com/actions/runner/tree/258d6c857db3519913f7deb6004b60172f8043ae>

#![allow(dead_code, reason = "each test that includes these readers uses a part of them")]

pub(crate) mod command_reader;
pub(crate) mod file_command_reader;
