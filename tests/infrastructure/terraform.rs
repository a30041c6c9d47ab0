//! Finds terraform and its AWS provider, and runs them on a copy of the module.
//!
//! The provider is taken from the folder that `CSTORE_TERRAFORM_PLUGINS` names, laid out as `terraform providers mirror`
//! does it; otherwise from such a folder below one of the roots where they usually lie; otherwise from the registry.

use std::env;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};

use tempfile::TempDir;

/// The folder of the module.
pub(crate) const MODULE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/infrastructure/s3");

/// The module as it was when its folder was applied by itself and nothing could call it: without comments, descriptions,
/// validations and outputs, of which a state has nothing to move.
pub(crate) const OLD: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/infrastructure/before_it_was_a_module");

/// What `terraform init` writes beside `.terraform`.
const LOCK: &str = ".terraform.lock.hcl";

/// A copy of the module, ready to run.
pub(crate) struct Terraform {
    folder: TempDir,
    home: TempDir,
    /// The example that is meant, where it is not the module itself.
    example: Option<String>,
    /// What [`rendered`](crate::policies::rendered) makes of it.
    pub(crate) plans: OnceLock<PathBuf>,
}

/// The module with terraform and its provider.
///
/// The tests that run at the same time share one copy. It goes with the last of them: a `static` is never dropped, and
/// would leave the folder behind.
pub(crate) fn terraform() -> Arc<Terraform> {
    static SHARED: Mutex<Weak<Terraform>> = Mutex::new(Weak::new());
    // A test that failed has harmed nothing in here.
    let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
    let terraform = shared.upgrade().map_or_else(|| Terraform::set_up().map(Arc::new), Ok);
    match terraform {
        Ok(terraform) => {
            *shared = Arc::downgrade(&terraform);
            terraform
        }
        Err(why) => {
            drop(shared);
            panic!("{why}");
        }
    }
}

/// Of what needs terraform alone and no provider.
pub(crate) fn bare_terraform() -> Command {
    is_there().unwrap_or_else(|why| panic!("{why}"));
    Command::new("terraform")
}

/// What `scripts/test-with-terraform` asks before it runs the others.
#[test]
#[ignore = "needs terraform"]
fn terraform_and_its_provider_can_be_had() {
    drop(terraform());
}

/// Whether there is a terraform whose tests can give made-up values to a plan, as ours do.
fn is_there() -> Result<(), String> {
    let output = match Command::new("terraform").args(["version", "-json"]).output() {
        Ok(output) => output,
        Err(error) => return Err(format!("terraform is not installed ({error})")),
    };
    let version: serde_json::Value = serde_json::from_slice(&output.stdout)
        .map_err(|_| format!("terraform does not start: {}", String::from_utf8_lossy(&output.stderr)))?;
    let version = version["terraform_version"].as_str().unwrap_or_default();
    let mut numbers = version.split('.').map(|part| part.parse::<u32>().unwrap_or_default());
    match (numbers.next(), numbers.next()) >= (Some(1), Some(11)) {
        true => Ok(()),
        false => Err(format!("terraform is {version}, and has to be 1.11 or later")),
    }
}

impl Terraform {
    fn set_up() -> Result<Self, String> {
        is_there()?;
        Self::initialized(Self::copied(MODULE))
    }

    /// Another copy, whose commands run in one of the module's examples.
    pub(crate) fn example(&self, name: &str) -> Self {
        let other = Self { example: Some(name.to_owned()), ..Self::copied(MODULE) };
        // The server forgets NewerNoncurrentVersions, and the provider would wait for it.
        for name in ["variables.tf", "checks.tf"] {
            let path = other.folder.path().join(name);
            let text = fs::read_to_string(&path).unwrap();
            assert!(text.contains("= 365\n"), "{text}");
            fs::write(path, text.replace("= 365\n", "= 0\n")).unwrap();
        }
        Self::initialized(other).unwrap_or_else(|why| panic!("{why}"))
    }

    /// Another copy, with one more example, in which its commands run.
    pub(crate) fn with_example(&self, files: &[(&str, &str)]) -> Self {
        let other = Self { example: Some("of-a-test".to_owned()), ..Self::copied(MODULE) };
        fs::create_dir_all(other.folder()).unwrap();
        for (name, text) in files {
            fs::write(other.folder().join(name), text).unwrap();
        }
        Self::initialized(other).unwrap_or_else(|why| panic!("{why}"))
    }

    fn initialized(terraform: Self) -> Result<Self, String> {
        let mut init = Command::new("terraform");
        init.args(["init", "-no-color", "-input=false", "-backend=false"]).current_dir(terraform.folder());
        let output = init.envs(of_init()).env("CHECKPOINT_DISABLE", "1").output().unwrap();
        match output.status.success() {
            true => Ok(terraform),
            false => Err(format!(
                "the AWS provider cannot be had: no folder HOST/hashicorp/aws/5.* was found, and terraform init says\n{}\
                 \nCSTORE_TERRAFORM_PLUGINS can name the folder that holds HOST",
                String::from_utf8_lossy(&output.stderr)
            )),
        }
    }

    /// A copy that has yet to be initialized.
    fn copied(module: &str) -> Self {
        let folder = || tempfile::tempdir().unwrap();
        let terraform = Self { folder: folder(), home: folder(), example: None, plans: OnceLock::new() };
        copy(Path::new(module), terraform.folder.path());
        terraform
    }

    /// Another copy, with one more file.
    pub(crate) fn with_file(&self, name: &str, text: &str) -> Self {
        let other = self.initialized_like_this(Self::copied(MODULE));
        fs::write(other.folder().join(name), text).unwrap();
        other
    }

    /// The module of old.
    pub(crate) fn of_old(&self) -> Self {
        self.initialized_like_this(Self::copied(OLD))
    }

    fn initialized_like_this(&self, other: Self) -> Self {
        symlink(self.folder().join(".terraform"), other.folder().join(".terraform")).unwrap();
        fs::copy(self.folder().join(LOCK), other.folder().join(LOCK)).unwrap();
        other
    }

    /// The folder in which its commands run.
    pub(crate) fn folder(&self) -> PathBuf {
        let folder = self.folder.path();
        self.example.as_ref().map_or_else(|| folder.to_owned(), |name| folder.join("examples").join(name))
    }

    /// A terraform that knows nothing of this machine: no settings, no credentials, no account.
    pub(crate) fn command<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Command {
        let mut command = Command::new("terraform");
        command.args(args).current_dir(self.folder()).env_clear().env("HOME", self.home.path()).envs(environment());
        command
    }
}

/// The environment of a terraform that knows nothing of this machine; `HOME` is for the caller to say.
pub(crate) fn environment() -> [(&'static str, OsString); 6] {
    [
        ("PATH", env::var_os("PATH").unwrap_or_default()),
        ("TF_CLI_CONFIG_FILE", "/dev/null".into()),
        ("CHECKPOINT_DISABLE", "1".into()),
        ("TF_IN_AUTOMATION", "1".into()),
        ("AWS_EC2_METADATA_DISABLED", "true".into()),
        // A third of what terraform and its provider compute is looking for garbage, of which they make little.
        ("GOGC", "400".into()),
    ]
}

/// What `terraform init` needs besides to find the provider; nothing where it is as its user has set it up.
pub(crate) fn of_init() -> Vec<(&'static str, OsString)> {
    plugin_folder().map_or_else(Vec::new, |folder| {
        let argument = format!("-plugin-dir={}", folder.display());
        vec![("TF_CLI_ARGS_init", argument.into()), ("TF_CLI_CONFIG_FILE", "/dev/null".into())]
    })
}

/// All that a program printed.
pub(crate) fn printed(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Runs a command that must succeed; what it prints.
pub(crate) fn succeeds(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?} failed:\n{}", printed(&output));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Copies a module without what a terraform run beside it has left there.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.file_type().unwrap().is_dir() {
            if !name.starts_with('.') {
                copy(&entry.path(), &to.join(name));
            }
        } else if [".tf", ".tfvars", ".hcl"].iter().any(|end| name.ends_with(end)) && !name.starts_with('.') {
            fs::copy(entry.path(), to.join(name)).unwrap();
        }
    }
}

/// The folder that holds `HOST/hashicorp/aws/5.…`.
fn plugin_folder() -> Option<PathBuf> {
    if let Some(named) = env::var_os("CSTORE_TERRAFORM_PLUGINS") {
        return Some(named.into());
    }
    let home = PathBuf::from(env::var_os("HOME").unwrap_or_default());
    let of_home = [".terraform.d", ".local/share/terraform"].map(|below| home.join(below));
    let of_system = ["/usr/local", "/usr/share/terraform", "/usr/lib/terraform", "/opt", "/var/lib", "/srv"];
    let cache = env::var_os("TF_PLUGIN_CACHE_DIR").map(PathBuf::from);
    let roots = cache.into_iter().chain(of_home).chain(of_system.map(PathBuf::from));
    roots.into_iter().find_map(|root| mirror_below(&root, 3))
}

/// A mirror at a folder or at most so many levels below it.
fn mirror_below(folder: &Path, levels: usize) -> Option<PathBuf> {
    let children: Vec<_> =
        fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path()).filter(|p| p.is_dir()).collect();
    if children.iter().any(|host| holds_provider(&host.join("hashicorp/aws"))) {
        return Some(folder.to_owned());
    }
    let below = levels.checked_sub(1)?;
    children.iter().find_map(|child| mirror_below(child, below))
}

fn holds_provider(folder: &Path) -> bool {
    let versions = fs::read_dir(folder).into_iter().flatten().flatten();
    versions.into_iter().any(|version| version.file_name().to_string_lossy().starts_with("5."))
}
