//! The states between which the tests move, and how the state is seen.

use crate::harness::in_memory::Versioning;
use crate::harness::proxy::Proxy;
use crate::harness::{Action, Bucket, Run, Server};

/// The paths of every state.
pub(crate) const PATHS: [&str; 3] = ["a/.env", "b/.env", "c.json"];

/// The contents at [`PATHS`].
pub(crate) type State = [&'static str; 3];

/// What was there before.
pub(crate) const OLD: State = ["A=alpha-of-the-old\n", "B=beta-of-the-old\n", r#"{"C":"gamma-of-the-old"}"#];

/// What is pushed.
pub(crate) const NEW: State = ["A=alpha-of-the-new\n", "B=beta-of-the-new\n", r#"{"C":"gamma-of-the-new"}"#];

/// [`OLD`] with one key set as in [`NEW`].
pub(crate) const SET_STATE: State = [NEW[0], OLD[1], OLD[2]];

/// [`OLD`] without that key.
pub(crate) const UNSET_STATE: State = ["", OLD[1], OLD[2]];

/// What a pull may get.
pub(crate) const ALL_STATES: [State; 4] = [OLD, NEW, SET_STATE, UNSET_STATE];

/// A fresh bucket with versioning, of the server in memory.
pub(crate) fn versioned() -> Bucket {
    Bucket::in_memory(Versioning::Enabled)
}

/// A fresh bucket that never had versioning, of the server in memory.
pub(crate) fn unversioned() -> Bucket {
    Bucket::in_memory(Versioning::Off)
}

/// A proxy before the server in memory.
pub(crate) fn start_proxy() -> Proxy {
    Proxy::before(Server::in_memory())
}

/// A push of the version `v1`.
pub(crate) fn push(bucket: &Bucket, state: State) -> Action {
    with(Action::push(bucket).version("v1").files(&PATHS), state)
}

/// A push of the head.
pub(crate) fn push_head(bucket: &Bucket, state: State) -> Action {
    with(Action::push(bucket).version("head").files(&PATHS).input("update-catalog", "true"), state)
}

/// The context that is promoted from.
pub(crate) const SOURCE: &str = "shop-dev";

/// A promotion of the version `v1` of [`SOURCE`] to another context.
pub(crate) fn promote(bucket: &Bucket, to: &str) -> Action {
    let step = Action::new(bucket).input("command", "promote").input("from", &format!("{SOURCE}@v1")).input("to", to);
    // It is asked whose the credentials are that read, which is no request to S3.
    step.env("AWS_ENDPOINT_URL_STS", &Server::shared().endpoint())
}

/// A rollback of the head to the version `v1`.
pub(crate) fn rollback(bucket: &Bucket) -> Action {
    Action::new(bucket).input("command", "rollback").input("context", "shop").input("from", "v1")
}

/// A rollback of the head to what it was before its last push, if that is this state.
pub(crate) fn undo(bucket: &Bucket, state: State) -> Action {
    let digest = push(&versioned(), state).run().succeeds().output("config-digest").to_owned();
    Action::new(bucket).input("command", "rollback").input("context", "shop").input("expect", &digest)
}

/// A promotion of a version to the channel `prod`.
pub(crate) fn move_channel(bucket: &Bucket, version: &str) -> Action {
    of_channel(bucket, "promote").input("from", version).input("to", ":prod")
}

/// A rollback of the channel `prod` to the version `v1`.
pub(crate) fn roll_channel_back(bucket: &Bucket) -> Action {
    of_channel(bucket, "rollback").input("channel", "prod").input("from", "v1")
}

fn of_channel(bucket: &Bucket, command: &str) -> Action {
    Action::new(bucket).input("command", command).input("context", "shop")
}

/// A purge of the version `v1`.
pub(crate) fn purge(bucket: &Bucket) -> Action {
    Action::new(bucket).input("command", "purge").input("context", "shop").version("v1")
}

/// A purge of all files of the head.
pub(crate) fn purge_files(bucket: &Bucket) -> Action {
    Action::new(bucket).input("command", "purge").input("context", "shop").version("head").files(&PATHS)
}

fn with(action: Action, state: State) -> Action {
    PATHS.iter().zip(state).fold(action, |action, (path, contents)| action.workspace_file(path, contents))
}

/// A pull of all files of a version, or of `head`, as a job on another machine does it.
pub(crate) fn pull(bucket: &Bucket, version: &str) -> Action {
    Action::pull(bucket).version(version)
}

/// The state that a pull restored, which must be one of these and whole.
pub(crate) fn state_of(run: &Run, among: &[State]) -> State {
    let there = PATHS.map(|path| run.file(path));
    let found = among.iter().find(|state| **state == there);
    *found.unwrap_or_else(|| panic!("a pull got neither state whole: {there:?}"))
}

/// Pulls without faults; none when there is nothing.
pub(crate) fn pulled(bucket: &Bucket, version: &str, among: &[State]) -> Option<State> {
    let run = pull(bucket, version).run();
    match run.code {
        // A head that has no file left.
        0 if !run.workspace.files().iter().any(|file| PATHS.contains(&file.as_str())) => None,
        0 => Some(state_of(&run, among)),
        6 => None,
        code => panic!("a pull after it all failed with {code}:\n{}", run.printed()),
    }
}

/// What a push says of itself.
pub(crate) fn changed(run: &Run) -> bool {
    run.output("config-changed") == "true"
}

/// A proxy with one plan.
pub(crate) fn proxy_with(matching: crate::harness::proxy::Matching, fault: crate::harness::proxy::Fault) -> Proxy {
    let proxy = start_proxy();
    proxy.on(matching, fault);
    proxy
}

/// Does something for each row at once, where most of the time is spent waiting for the tool's last try.
pub(crate) fn at_once<T: Send>(rows: impl IntoIterator<Item = T>, each: impl Fn(T) + Sync) {
    let each = &each;
    std::thread::scope(|scope| {
        for row in rows {
            scope.spawn(move || each(row));
        }
    });
}
