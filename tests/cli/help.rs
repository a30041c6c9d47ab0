use crate::harness::{Bucket, Laptop};

#[test]
fn help_and_version_go_to_standard_output() {
    let laptop = Laptop::new(&Bucket::missing());
    for arguments in [["--help"], ["-h"]] {
        assert!(laptop.cstore(arguments).run().succeeds().stdout.contains("export"));
    }
    laptop.cstore(["--version"]).run().succeeds().prints(concat!("cstore ", env!("CARGO_PKG_VERSION"), "\n"));
}

#[cfg(target_os = "linux")]
#[test]
fn what_cannot_be_printed_is_no_success() {
    let laptop = Laptop::new(&Bucket::missing());
    for argument in ["--help", "--version"] {
        let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
        let printed = laptop.cstore([argument]).command().stdout(full).output().unwrap();
        assert_eq!(printed.status.code(), Some(1), "{argument}");
        assert!(String::from_utf8_lossy(&printed.stderr).contains("No space left"), "{argument}");
    }
}

#[test]
fn a_misspelled_word_is_refused_with_the_nearest() {
    let laptop = Laptop::new(&Bucket::missing());
    laptop.cstore(["exprt"]).run().fails(2).says("export");
    laptop.cstore(["export", "--buket", "x"]).run().fails(2).says("--bucket");
    assert!(laptop.cstore([]).run().stderr.contains("Usage"));
}

#[test]
fn short_help_fits_on_a_screen() {
    let laptop = Laptop::new(&Bucket::missing());
    for arguments in [["export", "-h"], ["get", "-h"]] {
        let help = laptop.cstore(arguments).env("COLUMNS", "100").run().succeeds().stdout;
        assert!(help.lines().count() <= 40, "{help}");
    }
}

#[test]
fn a_script_for_each_shell_is_printed() {
    let laptop = Laptop::new(&Bucket::missing());
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        assert!(laptop.cstore(["completions", shell]).run().succeeds().stdout.contains("cstore"), "{shell}");
    }
    laptop.cstore(["completions", "tcsh"]).run().fails(2).says("zsh");
}
