//! The commands whose requests are made to fail, with the states from which and to which they lead.

use std::collections::BTreeMap;

use rustix::process::Pid;

use crate::harness::proxy::{Matching, Seen, request};
use crate::harness::{Action, Bucket, Laptop, Proxy, Ran, Run, Typed};
use crate::story::{
    ALL_STATES, NEW, OLD, PATHS, SET_STATE, SOURCE, State, UNSET_STATE, move_channel, promote, pull, pulled, purge,
    purge_files, push, push_head, roll_channel_back, rollback, undo, versioned,
};
use crate::victim::Victim;

/// A command, and the state that it starts from.
pub(crate) struct Scenario {
    pub(crate) prepare: fn(&Bucket),
    pub(crate) command: fn(&Bucket) -> Command,
    pub(crate) version: &'static str,
    pub(crate) before: Option<State>,
    /// None after a purge.
    pub(crate) after: Option<State>,
    /// What a push says of itself; none for a pull.
    pub(crate) changed: Option<bool>,
    /// Below which prefix lie the files that it copies, if it does.
    pub(crate) source: &'static str,
    /// How the same command ends where all of it is done already.
    pub(crate) again: i32,
}

/// One request of a clean run: its method, its key, and the how many-th of these.
pub(crate) type Place = (&'static str, String, usize);

/// The requests that came through, in their order.
pub(crate) fn places_of(proxy: &Proxy) -> Vec<Place> {
    let mut count = BTreeMap::new();
    let place = |seen: Seen| {
        let method = ["GET", "HEAD", "PUT", "DELETE"].into_iter().find(|method| *method == seen.method).unwrap();
        let nth = count.entry((method, seen.key.clone())).or_insert(0);
        *nth += 1;
        (method, seen.key, *nth)
    };
    proxy.requests().into_iter().map(place).collect()
}

/// A step, or a line that was typed, at a terminal or elsewhere.
pub(crate) enum Command {
    Step(Box<Action>),
    Line(Box<Typed>),
    AtTerminal(Box<Typed>),
}

impl From<Action> for Command {
    fn from(action: Action) -> Self {
        Self::Step(Box::new(action))
    }
}

impl From<Typed> for Command {
    fn from(typed: Typed) -> Self {
        Self::Line(Box::new(typed))
    }
}

impl Command {
    pub(crate) fn through(self, proxy: &Proxy) -> Self {
        match self {
            Self::Step(action) => action.through(proxy).into(),
            Self::Line(typed) => typed.env("AWS_ENDPOINT_URL", &proxy.endpoint()).into(),
            Self::AtTerminal(typed) => Self::AtTerminal(Box::new(typed.env("AWS_ENDPOINT_URL", &proxy.endpoint()))),
        }
    }

    pub(crate) fn run(&self) -> Ended {
        match self {
            Self::Step(action) => Ended::Step(Box::new(action.run())),
            Self::Line(typed) => Ended::Line(typed.run()),
            Self::AtTerminal(typed) => Ended::Line((**typed).clone().on_a_terminal().ended()),
        }
    }
}

/// What came of it.
pub(crate) enum Ended {
    Step(Box<Run>),
    Line(Ran),
}

impl Victim {
    /// Runs a command that is the victim.
    pub(crate) fn run_command(&self, command: &Command) -> Ended {
        match command {
            Command::Step(step) => Ended::Step(Box::new(self.run(step))),
            Command::Line(typed) => {
                let process = typed.start();
                self.is(Pid::from_child(&process));
                Ended::Line(typed.ended(&process.wait_with_output().unwrap()))
            }
            Command::AtTerminal(typed) => {
                let typist = (**typed).clone().on_a_terminal();
                self.is(typist.pid());
                Ended::Line(typist.ended())
            }
        }
    }
}

impl Ended {
    pub(crate) fn code(&self) -> i32 {
        match self {
            Self::Step(run) => run.code,
            Self::Line(ran) => ran.code,
        }
    }

    pub(crate) fn printed(&self) -> String {
        match self {
            Self::Step(run) => run.printed(),
            Self::Line(ran) => ran.stderr.clone(),
        }
    }

    /// The step's, where it is one.
    pub(crate) fn step(&self) -> Option<&Run> {
        match self {
            Self::Step(run) => Some(run),
            Self::Line(_) => None,
        }
    }

    pub(crate) fn succeeds(&self) {
        assert_eq!(self.code(), 0, "it printed\n{}", self.printed());
    }
}

/// A place as a plan for the proxy. A listing has no key.
pub(crate) fn at((method, key, nth): &Place) -> Matching {
    request(method, if key.is_empty() { "encoding-type=url" } else { key }).nth(*nth)
}

impl Scenario {
    /// Whether a run leaves the bucket as it was, so that the next can use it.
    pub(crate) fn changes_nothing(&self) -> bool {
        self.changed != Some(true)
    }

    /// The requests of a run that nothing disturbs.
    pub(crate) fn places(&self) -> Vec<Place> {
        self.places_in(&versioned())
    }

    pub(crate) fn places_in(&self, bucket: &Bucket) -> Vec<Place> {
        (self.prepare)(bucket);
        let proxy = Proxy::before(bucket.server());
        (self.command)(bucket).through(&proxy).run().succeeds();
        places_of(&proxy)
    }

    pub(crate) const fn is_purge(&self) -> bool {
        self.after.is_none()
    }

    /// What a pull on another machine gets.
    pub(crate) fn pulled(&self, bucket: &Bucket) -> Option<State> {
        pulled(bucket, self.version, &ALL_STATES)
    }

    /// The same command again, after which the new state stands.
    pub(crate) fn finish(&self, bucket: &Bucket) {
        // A pull may be refused until the command has run again, but after none that has something else to say then.
        let is_done = self.again != 0 && self.pulled(bucket) == self.after;
        let run = (self.command)(bucket).run();
        if !(is_done && run.code() == self.again) {
            run.succeeds();
        }
        assert_eq!(self.pulled(bucket), self.after, "after the same command again");
    }
}

/// Whether each request is met in each way: some are as good as others, and are left to the night.
pub(crate) fn walks_all() -> bool {
    std::env::var_os("CSTORE_WALK_ALL").is_some_and(|value| value == "1")
}

pub(crate) const PUSH: Scenario = Scenario {
    prepare: |_| {},
    command: |bucket| push(bucket, NEW).into(),
    version: "v1",
    before: None,
    after: Some(NEW),
    changed: Some(true),
    source: "shop-dev/",
    again: 0,
};

pub(crate) const PUSH_AGAIN: Scenario = Scenario {
    prepare: |bucket| drop(push(bucket, NEW).run().succeeds()),
    before: Some(NEW),
    changed: Some(false),
    ..PUSH
};

pub(crate) const OVERWRITE: Scenario = Scenario {
    prepare: |bucket| drop(push(bucket, OLD).run().succeeds()),
    command: |bucket| push(bucket, NEW).input("overwrite", "true").into(),
    before: Some(OLD),
    ..PUSH
};

pub(crate) const PUSH_HEAD: Scenario = Scenario {
    prepare: |bucket| drop(push_head(bucket, OLD).run().succeeds()),
    command: |bucket| push_head(bucket, NEW).into(),
    version: "head",
    before: Some(OLD),
    ..PUSH
};

pub(crate) const FIRST_PUSH_OF_HEAD: Scenario = Scenario { prepare: |_| {}, before: None, ..PUSH_HEAD };

pub(crate) const PULL: Scenario = Scenario {
    prepare: |bucket| drop(push(bucket, NEW).run().succeeds()),
    command: |bucket| pull(bucket, "v1").files(&PATHS).into(),
    before: Some(NEW),
    changed: None,
    ..PUSH
};

pub(crate) const PROMOTE: Scenario = Scenario {
    prepare: |bucket| drop(push(bucket, NEW).input("context", SOURCE).run().succeeds()),
    command: |bucket| promote(bucket, "shop@v1").into(),
    ..PUSH
};

pub(crate) const PROMOTE_HEAD: Scenario = Scenario {
    prepare: |bucket| {
        push(bucket, NEW).input("context", SOURCE).run().succeeds();
        push_head(bucket, OLD).run().succeeds();
    },
    command: |bucket| promote(bucket, "shop@head").into(),
    ..PUSH_HEAD
};

/// To a version.
pub(crate) const ROLLBACK: Scenario = Scenario {
    prepare: |bucket| {
        push(bucket, NEW).run().succeeds();
        push_head(bucket, OLD).run().succeeds();
    },
    command: |bucket| rollback(bucket).into(),
    source: "shop/v1/",
    ..PUSH_HEAD
};

/// To what it was before its last push. The same again would undo it, but for the digest that it expects.
pub(crate) const UNDO: Scenario = Scenario {
    prepare: |bucket| {
        push_head(bucket, NEW).run().succeeds();
        push_head(bucket, OLD).run().succeeds();
    },
    command: |bucket| undo(bucket, NEW).into(),
    source: "shop/",
    again: 5,
    ..PUSH_HEAD
};

/// Of a key in one of the files, by the command line, on a machine that has none of them.
pub(crate) const SET: Scenario = Scenario {
    prepare: |bucket| drop(push_head(bucket, OLD).run().succeeds()),
    command: |bucket| Laptop::new(bucket).cstore(["set", "A=alpha-of-the-new"]).into(),
    after: Some(SET_STATE),
    source: "shop/",
    ..PUSH_HEAD
};

pub(crate) const UNSET: Scenario = Scenario {
    command: |bucket| Laptop::new(bucket).cstore(["unset", "A"]).into(),
    after: Some(UNSET_STATE),
    again: 6,
    ..SET
};

/// As [`SET`], in an editor.
pub(crate) const EDIT: Scenario = Scenario {
    command: |bucket| {
        let laptop = editing(&Laptop::new(bucket), "alpha-of-the-old", "alpha-of-the-new");
        // Whoever has said yes is not asked what to do with a text that was not stored.
        Command::AtTerminal(Box::new(laptop.cstore(["edit", "a/.env", "--yes"])))
    },
    ..SET
};

/// The same machine with an editor that puts one text in the place of another.
pub(crate) fn editing(laptop: &Laptop, old: &str, new: &str) -> Laptop {
    let runtime = laptop.workspace().mounted("runtime");
    std::fs::create_dir_all(&runtime).unwrap();
    let laptop = laptop.clone().with_env("XDG_RUNTIME_DIR", runtime.to_str().unwrap());
    // Its command line is shown, and no value is to be.
    laptop.plain_file("../editor.sh", format!("sed -i s/{old}/{new}/ \"$1\"\n"));
    let script = laptop.workspace().path("../editor.sh");
    laptop.with_env("CSTORE_EDITOR", &format!("sh {}", script.display()))
}

pub(crate) const PURGE: Scenario = Scenario {
    prepare: |bucket| {
        push(bucket, NEW).run().succeeds();
        push(bucket, OLD).input("overwrite", "true").run().succeeds();
    },
    command: |bucket| purge(bucket).into(),
    before: Some(OLD),
    after: None,
    again: 6,
    ..PUSH
};

pub(crate) const PURGE_FILES: Scenario = Scenario {
    prepare: |bucket| {
        push_head(bucket, NEW).run().succeeds();
        push_head(bucket, OLD).run().succeeds();
    },
    command: |bucket| purge_files(bucket).into(),
    after: None,
    again: 6,
    ..PUSH_HEAD
};

/// What the channel points at is seen by pulls of it.
pub(crate) const MOVE_CHANNEL: Scenario = Scenario {
    prepare: |bucket| {
        push(bucket, OLD).version("v0").run().succeeds();
        push(bucket, NEW).run().succeeds();
        move_channel(bucket, "v0").run().succeeds();
    },
    command: |bucket| move_channel(bucket, "v1").into(),
    version: ":prod",
    before: Some(OLD),
    ..PUSH
};

/// To a version: without one, the same command again would go further back.
pub(crate) const ROLL_CHANNEL_BACK: Scenario = Scenario {
    prepare: |bucket| {
        push(bucket, NEW).run().succeeds();
        push(bucket, OLD).version("v2").run().succeeds();
        move_channel(bucket, "v1").run().succeeds();
        move_channel(bucket, "v2").run().succeeds();
    },
    command: |bucket| roll_channel_back(bucket).into(),
    ..MOVE_CHANNEL
};

pub(crate) const PULL_CHANNEL: Scenario = Scenario {
    prepare: |bucket| {
        push(bucket, NEW).run().succeeds();
        move_channel(bucket, "v1").run().succeeds();
    },
    command: |bucket| pull(bucket, ":prod").files(&PATHS).into(),
    before: Some(NEW),
    changed: None,
    ..MOVE_CHANNEL
};

pub(crate) const PUSH_AND_MOVE: Scenario = Scenario {
    prepare: |bucket| {
        push(bucket, OLD).version("v0").run().succeeds();
        move_channel(bucket, "v0").run().succeeds();
    },
    command: |bucket| push(bucket, NEW).input("channel", "prod").into(),
    ..MOVE_CHANNEL
};

pub(crate) const PROMOTE_AND_MOVE: Scenario = Scenario {
    prepare: |bucket| {
        push(bucket, NEW).input("context", SOURCE).run().succeeds();
        push(bucket, OLD).version("v0").run().succeeds();
        move_channel(bucket, "v0").run().succeeds();
    },
    command: |bucket| promote(bucket, "shop:prod").into(),
    ..MOVE_CHANNEL
};
