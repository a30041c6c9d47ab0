//! Writes what archives of the command line have beside the binary: man pages and completions.
//! Usage: `cargo run --example pages -- FOLDER`

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Command;
use clap_mangen::Man;
use cstore::cli::arguments::grammar;
use cstore::cli::complete::script;

fn main() -> anyhow::Result<()> {
    write(&std::env::args_os().nth(1).map(PathBuf::from).context("usage: pages FOLDER")?)
}

/// Writes them below a folder: `man/*.1`, and `completions/` with a file a shell.
pub(crate) fn write(folder: &Path) -> anyhow::Result<()> {
    let (man, completions) = (folder.join("man"), folder.join("completions"));
    fs::create_dir_all(&man)?;
    fs::create_dir_all(&completions)?;
    let mut grammar = grammar();
    // Under the names by which shells find them.
    let files = [
        ("bash", "cstore.bash"),
        ("elvish", "cstore.elv"),
        ("fish", "cstore.fish"),
        ("powershell", "_cstore.ps1"),
        ("zsh", "_cstore"),
    ];
    for (shell, file) in files {
        fs::write(completions.join(file), script(shell).with_context(|| format!("no script for {shell}"))?)?;
    }
    grammar.build();
    page(&grammar, "cstore", &man)?;
    // `cstore help` has nothing to say of itself.
    let has_page = |command: &&Command| command.get_name() != "help" && !command.is_hide_set();
    for command in grammar.get_subcommands().filter(has_page) {
        page(command, &format!("cstore-{}", command.get_name()), &man)?;
    }
    Ok(())
}

fn page(command: &Command, name: &str, folder: &Path) -> anyhow::Result<()> {
    let file = folder.join(format!("{name}.1"));
    let page = Man::new(command.clone()).title(name).section("1").source(concat!("cstore ", env!("CARGO_PKG_VERSION")));
    page.render(&mut File::create(&file)?).with_context(|| format!("{} cannot be written", file.display()))
}
