//! The commands of the command line, in the order of its help.

use crate::option::Command;

/// A command, as a person types it. Its options are those of the table of options.
pub(super) struct CommandLine {
    pub(super) command: Command,
    /// Other names for it.
    pub(super) aliases: &'static [&'static str],
    /// What it does, in a few words.
    pub(super) about: &'static str,
    /// Command lines, and what each does.
    pub(super) examples: &'static [(&'static str, &'static str)],
    /// What stands there without a flag.
    pub(super) arguments: &'static [Argument],
}

/// What stands on a command line without a flag before it.
pub(super) struct Argument {
    /// What help calls it, such as `FILE`; it is asked for by this name, too.
    pub(super) name: &'static str,
    pub(super) number: Number,
    pub(super) help: &'static str,
}

/// How often an argument stands there.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Number {
    One,
    /// Once, or not at all.
    Optional,
    /// As often as one likes.
    Any,
    /// Once or more.
    Many,
    /// Once or more, and whatever follows is part of it.
    CommandLine,
}

/// The files that a command is about.
const FILES: Argument =
    Argument { name: "FILE", number: Number::Any, help: "Files to take, as paths or patterns [default: all files]" };

/// The files of a command that takes those of the catalog.
const LISTED_FILES: Argument = Argument {
    name: "FILE",
    number: Number::Any,
    help: "Files to take, as paths or patterns [default: the catalog's files]",
};

/// All commands.
pub(super) static COMMANDS: &[CommandLine] = &[
    CommandLine {
        command: Command::Init,
        aliases: &[],
        about: "Create a catalog (cstore.yml) and add secret files to .gitignore",
        examples: &[
            ("cstore init", "ask for the context, the bucket and the KMS key"),
            ("cstore init --context shop --bucket cstore-shop --yes", "ask nothing: the flags answer"),
        ],
        arguments: &[],
    },
    CommandLine {
        command: Command::Status,
        aliases: &[],
        about: "Show which files changed here or in the bucket, and which versions are newer",
        examples: &[
            ("cstore status", "compare your files with the head, as its last push recorded it"),
            ("cstore status -v v1.4.2", "compare your files with a version"),
        ],
        arguments: &[LISTED_FILES],
    },
    CommandLine {
        command: Command::Push,
        aliases: &[],
        about: "Store files in the bucket, in the head or as a version",
        examples: &[
            ("cstore push", "store the catalog's files in the head"),
            ("cstore push service/dev/.env", "store one file, and add it to the catalog"),
            ("cstore push -v v1.4.2 -m 'New database'", "publish the files as a version, which never changes again"),
        ],
        arguments: &[LISTED_FILES],
    },
    CommandLine {
        command: Command::Pull,
        aliases: &[],
        about: "Write the bucket's files to this folder, keeping your own changes",
        examples: &[
            ("cstore pull", "write the files of the head, and merge your changes"),
            ("cstore pull -v v1.4.2 --to /tmp/v1.4.2", "write the files of a version to another folder"),
        ],
        arguments: &[LISTED_FILES],
    },
    CommandLine {
        command: Command::Export,
        aliases: &[],
        about: "Print the values, as shell commands or in another format",
        examples: &[
            ("config=$(cstore export) && eval \"$config\"", "set the values of the head in this shell, or fail"),
            ("cstore export -v v1.4.2 -g json | jq", "print the values of a version as JSON"),
        ],
        arguments: &[FILES],
    },
    CommandLine {
        command: Command::Exec,
        aliases: &["run"],
        about: "Run a command with the values in its environment",
        examples: &[
            ("cstore exec -v v1.4.2 -- node server.js", "run it with the values of a version"),
            (
                "cstore exec -t service --pristine -- ./server",
                "use one tag's files, and pass on little of your own environment",
            ),
            ("cstore exec --file certs/ca.pem=CA_FILE -- ./server", "pass a stored file without writing it to disk"),
        ],
        arguments: &[Argument {
            name: "COMMAND",
            number: Number::CommandLine,
            help: "The command and its arguments, after --",
        }],
    },
    CommandLine {
        command: Command::Get,
        aliases: &[],
        about: "Print one value",
        examples: &[("cstore get DATABASE_URL", "print the value without a trailing newline (a terminal gets one)")],
        arguments: &[Argument { name: "KEY", number: Number::One, help: "The config key" }],
    },
    CommandLine {
        command: Command::Set,
        aliases: &[],
        about: "Set config keys in the bucket's files, in the head",
        examples: &[
            ("cstore set DATABASE_PASSWORD", "ask for the value, without showing it"),
            ("pass show db | cstore set DATABASE_PASSWORD=-", "read the value from stdin"),
            ("cstore set LOG_LEVEL=debug PORT=8080", "give the values, which your shell's history keeps"),
            ("cstore set --files service/dev/.env LOG_LEVEL=debug", "choose the file where several have the key"),
        ],
        arguments: &[Argument {
            name: "KEY[=VALUE]",
            number: Number::Many,
            help: "The config key, as the file has it, and its value; KEY=- reads it from stdin [default: ask]",
        }],
    },
    CommandLine {
        command: Command::Unset,
        aliases: &[],
        about: "Remove config keys from the bucket's files, in the head",
        examples: &[
            ("cstore unset OLD_TOKEN", "remove a key from the file that has it"),
            ("cstore unset --dry-run OLD_TOKEN", "show which file would change"),
        ],
        arguments: &[Argument { name: "KEY", number: Number::Many, help: "The config key, as the file has it" }],
    },
    CommandLine {
        command: Command::Edit,
        aliases: &[],
        about: "Edit a file of the head in your editor, and store it if it passes the checks",
        examples: &[
            ("cstore edit service/dev/.env", "open the file in CSTORE_EDITOR, VISUAL, EDITOR or vi"),
            ("CSTORE_EDITOR='code --wait' cstore edit", "edit the only file in another editor"),
        ],
        arguments: &[Argument {
            name: "FILE",
            number: Number::Optional,
            help: "The file, as a path or pattern [default: the only one]",
        }],
    },
    CommandLine {
        command: Command::List,
        aliases: &["ls"],
        about: "List contexts, channels, versions, files, tags or keys",
        examples: &[
            ("cstore list", "list the files of the head"),
            ("cstore list versions", "list the published versions, highest first"),
            ("cstore list keys -v v1.4.2", "list the config keys of a version, without their values"),
        ],
        arguments: &[Argument {
            name: "WHAT",
            number: Number::Optional,
            help: "What to list: contexts, channels, versions, files, tags or keys [default: files]",
        }],
    },
    CommandLine {
        command: Command::Log,
        aliases: &[],
        about: "Show who published each version, when and why",
        examples: &[
            ("cstore log", "show the last 20 versions, each with how many files it added, changed and removed"),
            ("cstore log -n 100 DATABASE_URL", "show which of the last 100 versions changed this key"),
        ],
        arguments: &[Argument {
            name: "KEY",
            number: Number::Optional,
            help: "Show only versions that changed this config key; or the moves of a channel, as :CHANNEL",
        }],
    },
    CommandLine {
        command: Command::Show,
        aliases: &[],
        about: "Show one version: who pushed it, when, why, and what it changed",
        examples: &[
            ("cstore show v1.4.2", "show its facts and the files that it changed"),
            ("cstore show --keys", "also show the keys in which the head differs from the version before it"),
        ],
        arguments: &[Argument {
            name: "REF",
            number: Number::Optional,
            help: "The version to show, as [CONTEXT@]VERSION [default: head]",
        }],
    },
    CommandLine {
        command: Command::Diff,
        aliases: &[],
        about: "Show which files and keys differ between versions, environments or your files",
        examples: &[
            ("cstore diff", "compare the head with your files; `cstore push --dry-run` shows what a push would change"),
            ("cstore diff v1.4.1 v1.4.2", "show what changed between two versions"),
            ("cstore diff shop-staging@head shop@head --exit-code", "exit with code 1 if two environments differ"),
        ],
        arguments: &[
            Argument {
                name: "A",
                number: Number::Optional,
                help: "The old state: a version, or . for your files [default: head]",
            },
            Argument { name: "B", number: Number::Optional, help: "The new state, written the same way [default: .]" },
        ],
    },
    CommandLine {
        command: Command::Verify,
        aliases: &[],
        about: "Check that every stored object matches its manifest",
        examples: &[
            ("cstore verify v1.4.2", "list the files of a version that are missing, damaged or replaced"),
            ("cstore verify --same-keys shop-staging@head shop@head", "list the keys that only one environment has"),
            ("cstore verify . --template .env.example", "check the files here by themselves; nothing is sent"),
        ],
        arguments: &[Argument {
            name: "REF",
            number: Number::Optional,
            help: "The version to check, as [CONTEXT@]VERSION, or `.` for the files here [default: head]",
        }],
    },
    CommandLine {
        command: Command::Promote,
        aliases: &[],
        about: "Copy a version or the head to another context, as it is, or move a channel",
        examples: &[
            ("cstore promote shop-dev@v1.4.2 --to shop", "publish a version of shop-dev in shop, under the same name"),
            ("cstore promote head --to shop@v1.5.0", "publish the head as a version"),
            ("cstore promote v1.4.2 --to :prod", "move the channel prod to a version"),
            (
                "cstore promote v1.4.2 --to s3://cstore-shop-prod/shop --expect sha256:…",
                "copy it to another bucket, if it is what was reviewed",
            ),
        ],
        arguments: &[Argument {
            name: "REF",
            number: Number::Optional,
            help: "What to copy, as [CONTEXT@]VERSION, :CHANNEL or s3://BUCKET/CONTEXT[@VERSION|:CHANNEL]",
        }],
    },
    CommandLine {
        command: Command::Rollback,
        aliases: &[],
        about: "Make the head again what it was or what a version is, or move a channel back",
        examples: &[
            ("cstore rollback", "undo the last push of the head; a second run undoes the rollback"),
            ("cstore rollback v1.4.2", "give the head the files of a version, and keep the others that it has"),
            ("cstore rollback v1.4.2 --exact --dry-run", "show what would change, and which files would be removed"),
            ("cstore rollback :prod", "move the channel prod back to where it was before"),
        ],
        arguments: &[
            Argument {
                name: "REF",
                number: Number::Optional,
                help: "The version to go back to, as [CONTEXT@]VERSION [default: what the head was before its last push]; or the \
                       channel to roll back, as :CHANNEL",
            },
            Argument {
                name: "VERSION",
                number: Number::Optional,
                help: "Of a channel: the version to go back to [default: where it was before]",
            },
        ],
    },
    CommandLine {
        command: Command::Purge,
        aliases: &[],
        about: "Remove a version, or files of the head, for good",
        examples: &[
            ("cstore purge v1.4.2 --dry-run", "show what would be removed"),
            ("cstore purge v1.4.2", "show it, and remove it once you have typed its name"),
            ("cstore purge service/.env", "remove a file from the head, with every S3 version of it"),
            (
                "cstore purge v1.4.2 --value-of DATABASE_PASSWORD --dry-run",
                "find everything that holds the value which a config key has in v1.4.2",
            ),
        ],
        arguments: &[Argument {
            name: "REF|FILE",
            number: Number::Any,
            help: "The version to remove, as [CONTEXT@]VERSION, named exactly, or files of the head, as paths or patterns; with --value-of, what has the value [default: head]",
        }],
    },
    CommandLine {
        command: Command::Lock,
        aliases: &[],
        about: "Write down which version and content a requirement stands for",
        examples: &[
            ("cstore lock -v '^1.2'", "write cstore.lock, for pulls with --locked"),
            ("cstore lock", "update to the newest version, and show what changes"),
            ("cstore lock --check", "write nothing, and exit with 8 if there is something newer"),
            ("cstore lock staging=shop-staging@^1.2", "lock another context, too"),
        ],
        arguments: &[Argument {
            name: "NAME=REF",
            number: Number::Any,
            help: "An entry and what it stands for, or the name alone of an existing one [default: all entries]",
        }],
    },
    CommandLine {
        command: Command::Clean,
        aliases: &[],
        about: "Delete local files whose content the bucket has",
        examples: &[
            ("cstore clean --dry-run", "show which files would be deleted or kept, and why"),
            ("cstore clean service/dev/.env", "delete one file, if a pull would restore it"),
        ],
        arguments: &[LISTED_FILES],
    },
    CommandLine {
        command: Command::Completions,
        aliases: &[],
        about: "Print the completion script for a shell",
        examples: &[
            (
                "source <(cstore completions bash)",
                "complete in this bash; put the line into ~/.bashrc to complete in every one",
            ),
            ("cstore completions zsh > \"${fpath[1]}/_cstore\"", "complete in every new zsh"),
            ("cstore completions fish > ~/.config/fish/completions/cstore.fish", "complete in every new fish"),
        ],
        arguments: &[Argument {
            name: "SHELL",
            number: Number::One,
            help: "The shell: bash, elvish, fish, powershell or zsh",
        }],
    },
];
