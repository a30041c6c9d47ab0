//! What is in the images.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::harness::container::{docker, docker_says, image, image_of_command_line};

/// Each image, and the binary in it.
fn images() -> [(String, &'static str); 2] {
    [(image(), "cstore-action"), (image_of_command_line(), "cstore")]
}

/// The files of all of an image's layers, unpacked.
fn unpacked(image: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut save = docker().args(["save", image]).stdout(Stdio::piped()).spawn().unwrap();
    let saved = folder.path().join("saved");
    untar(save.stdout.take().unwrap(), &saved);
    assert!(save.wait().unwrap().success());
    let manifest: Value = serde_json::from_slice(&fs::read(saved.join("manifest.json")).unwrap()).unwrap();
    for layer in manifest[0]["Layers"].as_array().unwrap() {
        untar(fs::File::open(saved.join(layer.as_str().unwrap())).unwrap(), &folder.path().join("root"));
    }
    folder
}

fn untar(archive: impl Into<Stdio>, into: &Path) {
    fs::create_dir_all(into).unwrap();
    assert!(Command::new("tar").arg("-x").arg("-C").arg(into).stdin(archive).status().unwrap().success());
}

fn files_below(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files_below(&path, found) } else { found.push(path) }
    }
}

#[test]
#[ignore = "needs Docker"]
fn they_hold_the_binary_and_the_roots_of_tls_and_nothing_else() {
    for (image, binary) in images() {
        let folder = unpacked(&image);
        let root = folder.path().join("root");
        let mut files = Vec::new();
        files_below(&root, &mut files);
        files.sort();
        let files: Vec<_> = files.iter().map(|path| path.strip_prefix(&root).unwrap().to_str().unwrap()).collect();
        assert_eq!(files, [binary, "etc/ssl/certs/ca-certificates.crt"]);
        let roots = fs::read_to_string(root.join(files[1])).unwrap();
        assert!(roots.matches("-----BEGIN CERTIFICATE-----").count() > 100);
    }
}

#[test]
#[ignore = "needs Docker"]
fn the_binaries_need_no_loader() {
    for (image, binary) in images() {
        let folder = unpacked(&image);
        let binary = fs::read(folder.path().join("root").join(binary)).unwrap();
        assert_eq!(binary[..5], *b"\x7fELF\x02", "a 64-bit ELF file");
        let number = |at: usize, bytes: usize| {
            let field = binary[at..at + bytes].iter().rev();
            field.fold(0_usize, |number, byte| number << 8 | usize::from(*byte))
        };
        // The program headers (elf(5)): where they start, how long one is, how many there are; each begins with its type.
        let (start, length, count) = (number(32, 8), number(54, 2), number(56, 2));
        let interpreter = 3; // PT_INTERP
        assert!(count > 0 && (0..count).all(|header| number(start + header * length, 4) != interpreter));
    }
}

fn config_of(image: &str) -> Value {
    serde_json::from_str(&docker_says(&["image", "inspect", "--format", "{{json .Config}}", image])).unwrap()
}

#[test]
#[ignore = "needs Docker"]
fn the_actions_starts_the_binary_itself_as_root() {
    let config = config_of(&image());
    assert_eq!(config["Entrypoint"], json!(["/cstore-action"]), "no shell: it would drop INPUT_ names with a hyphen");
    assert!(config["Cmd"].is_null());
    // GitHub asks for root: another user could not write the workspace.
    assert!(["", "0", "root"].contains(&config["User"].as_str().unwrap_or("")));
}

#[test]
#[ignore = "needs Docker"]
fn the_command_lines_starts_the_binary_itself_as_nobody() {
    let config = config_of(&image_of_command_line());
    assert_eq!(config["Entrypoint"], json!(["/cstore"]), "what follows are its arguments");
    assert!(config["Cmd"].is_null());
    // By number: Kubernetes cannot tell from a name that it is not root (`runAsNonRoot`).
    assert_eq!(config["User"], "65532:65532");
}
