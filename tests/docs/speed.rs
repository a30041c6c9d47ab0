//! docs/speed.md holds what `bench/results.json` says, so that nobody writes a figure or a reason by hand.

use std::path::Path;
use std::process::Command;

const ASK: &str = r#"
import json
from pathlib import Path
import report, report_cli

results = json.loads(Path("results.json").read_text())
page = Path("../docs/speed.md").read_text()
for (begin, end), text in [
    (report.MARKS, report.text(results, report.goals(results))),
    (report_cli.MARKS, report_cli.text(results["cli"])),
]:
    of_page = page.split(begin)[1].split(end)[0].strip().splitlines()
    of_results = text.strip().splitlines()
    assert of_page == of_results, sorted(set(of_page) ^ set(of_results))
"#;

#[test]
fn the_page_of_speed_has_what_was_measured() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("bench");
    let output = Command::new("python3").args(["-B", "-c", ASK]).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
