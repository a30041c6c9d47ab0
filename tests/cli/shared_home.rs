//! A home that a container, or `sudo`, gives to root.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, chown};
use std::path::{Path, PathBuf};

use crate::complete::PATIENT;
use crate::harness::Bucket;
use crate::shared::{ENV, JSON, laptop};

/// All that lies below a folder.
fn all_below(folder: &Path) -> Vec<PathBuf> {
    let found = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    found
        .flat_map(|path| if path.is_dir() { [vec![path.clone()], all_below(&path)].concat() } else { vec![path] })
        .collect()
}

#[test]
#[ignore = "needs root"]
fn what_root_remembers_in_a_home_belongs_to_whoever_the_home_does() {
    const OWNER: (u32, u32) = (12345, 23456);
    let bucket = Bucket::versioned();
    let machine = laptop(&bucket).without_env("CSTORE_BUCKET");
    machine.plain_file("cstore.yml", format!("{}data: {{AWS_S3_BUCKET: {}}}\n", crate::shared::CATALOG, bucket.name()));
    machine.file(ENV, "TOKEN=swordfish\n").file(JSON, "{}\n");
    let owner_of = |path: &Path| fs::metadata(path).map(|found| (found.uid(), found.gid())).unwrap();
    // In root's own home all is root's.
    for owner in [owner_of(&machine.home()), OWNER] {
        [".local", ".cache"].iter().for_each(|name| drop(fs::remove_dir_all(machine.home().join(name))));
        chown(machine.home(), Some(owner.0), Some(owner.1)).unwrap();
        machine.cstore(["push", "--trust"]).run().succeeds().does_not_say("cannot be");
        let complete = machine.cstore(["--", "cstore", "pull", "-v", ""]).env("CSTORE_COMPLETE", "bash");
        let complete = complete.env("CSTORE_COMPLETE_TIMEOUT_MS", PATIENT);
        complete.env("_CLAP_COMPLETE_INDEX", "3").run().succeeds();
        let (agreed, others): (Vec<_>, Vec<_>) = all_below(&machine.home())
            .into_iter()
            .partition(|path| path.extension().is_some_and(|extension| extension == "trust"));
        let of_state = others.iter().filter(|path| path.starts_with(machine.home().join(".local")));
        assert_eq!(of_state.count(), 5, "three folders, a document and a lock: {others:?}");
        assert!(others.iter().any(|path| path.starts_with(machine.home().join(".cache/cstore/"))), "{others:?}");
        others.iter().for_each(|path| assert_eq!(owner_of(path), owner, "{path:?}"));
        // What root has agreed to is what root alone can write.
        assert_eq!((agreed.len(), owner_of(&agreed[0])), (1, (0, 0)));
        machine.cstore(["pull"]).run().succeeds();
    }
}
