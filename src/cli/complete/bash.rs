//! Bash splits words at `@`, `=` and `:`, too, and replaces no more than the last part: the script puts words together
//! again, and takes what is before the last part from the answers. It quotes them, which bash does only for names of
//! files that it has found itself. A tilde that was typed stays one.

use std::ffi::OsString;
use std::io::{Error, Write};
use std::path::Path;

use clap::Command;
use clap_complete::env::EnvCompleter;

const SCRIPT: &str = r#"_cstore_complete() {
    local line=${COMP_LINE:0:COMP_POINT} words=() word i last
    for ((i = 0; i <= COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        if [[ $i -eq 0 || $line == [[:space:]]* ]]; then
            line=${line#"${line%%[![:space:]]*}"}
            words+=("")
        fi
        [[ $i -eq COMP_CWORD ]] && word=$line
        last=$((${#words[@]} - 1))
        words[last]=${words[last]}$word
        line=${line#"$word"}
    done
    local before=${words[last]%"$2"} quote= reply replies
    [[ ${words[last]} == [\"\']* ]] && quote=1
    words[last]=${words[last]#[\"\']}
    words[last]=${words[last]//\\/}
    replies=$(_CLAP_COMPLETE_INDEX=$last _CLAP_IFS=$'\n' VAR=bash COMPLETER -- "${words[@]}" 2>/dev/null)
    COMPREPLY=()
    while IFS= read -r reply; do
        [[ -z $reply ]] && continue
        reply=${reply#"$before"}
        if [[ -n $quote || $reply != *[^[:alnum:]_./:=@%+,-]* ]]; then
            COMPREPLY+=("$reply")
        elif [[ $reply == "~/"* ]]; then
            printf -v reply "~/%q" "${reply:2}"
            COMPREPLY+=("${reply%"''"}")
        else
            printf -v reply %q "$reply"
            COMPREPLY+=("$reply")
        fi
    done <<< "$replies"
    if [[ ${#COMPREPLY[@]} -gt 0 && ! ${COMPREPLY[0]} =~ [=/@]$ ]]; then
        compopt +o nospace 2> /dev/null
    fi
}
complete -o nospace -o bashdefault -F _cstore_complete BIN
"#;

/// Completion in bash.
pub(super) struct Bash;

impl EnvCompleter for Bash {
    fn name(&self) -> &'static str {
        "bash"
    }

    fn is(&self, name: &str) -> bool {
        name == self.name()
    }

    fn write_registration(
        &self,
        var: &str,
        _name: &str,
        bin: &str,
        completer: &str,
        buf: &mut dyn Write,
    ) -> Result<(), Error> {
        let script = SCRIPT.replace("BIN", bin).replace("COMPLETER", completer).replace("VAR", var);
        buf.write_all(script.as_bytes())
    }

    fn write_complete(
        &self,
        command: &mut Command,
        words: Vec<OsString>,
        current_dir: Option<&Path>,
        buf: &mut dyn Write,
    ) -> Result<(), Error> {
        clap_complete::env::Bash.write_complete(command, words, current_dir, buf)
    }
}
