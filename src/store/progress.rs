use std::cell::Cell;
use std::fmt;
use std::rc::Rc;

use futures_util::future::LocalBoxFuture;

use super::{Error, FileEntry, HeadState};

/// How far a push has come: what its bucket may hold of it when the run ends, however it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Stage {
    /// Nothing that this push has put is known to be there.
    #[default]
    Untouched,
    /// The version is claimed, and files of it may be there. There is no manifest, so nothing is published.
    Begun,
    /// Files of the head, or of a version that is overwritten, may have been replaced, and the manifest is as it was.
    /// Where nothing pins the earlier files, pulls fail or get the new ones.
    Replacing,
    /// The version was published with this content before, and files of it may be gone.
    Repairing,
    /// The manifest was sent and its answer has not come: it may be published.
    Publishing,
    /// The manifest names what was pushed.
    Published,
}

impl Stage {
    /// Whether the manifest may name what was pushed, now or in a moment.
    #[must_use]
    pub const fn may_be_published(self) -> bool {
        matches!(self, Self::Publishing | Self::Published)
    }
}

/// The stage of a push, for the caller to read while the push runs and after it was cut off. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Progress {
    stage: Rc<Cell<Stage>>,
    /// How many puts of files have been sent and not been refused.
    puts: Rc<Cell<usize>>,
    before_swap: Option<BeforeSwap>,
}

/// The head's manifest, about to be swapped.
#[derive(Clone, Copy)]
pub struct HeadSwap<'a> {
    /// The push.
    pub push_id: &'a str,
    /// The entries that the new manifest gets. They lack the files that another push has taken over.
    pub entries: &'a [FileEntry],
    /// The manifest that is replaced; none where there is none.
    pub current: Option<HeadState<'a>>,
}

#[derive(Clone)]
struct BeforeSwap(Rc<dyn for<'a> Fn(HeadSwap<'a>) -> LocalBoxFuture<'a, ()>>);

impl fmt::Debug for BeforeSwap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BeforeSwap")
    }
}

impl Progress {
    /// The same progress, of a push that calls this before each attempt at swapping the head's manifest.
    #[must_use]
    pub fn before_swap(&self, call: impl for<'a> Fn(HeadSwap<'a>) -> LocalBoxFuture<'a, ()> + 'static) -> Self {
        Self { before_swap: Some(BeforeSwap(Rc::new(call))), ..self.clone() }
    }

    /// How far the push has come.
    #[must_use]
    pub fn stage(&self) -> Stage {
        self.stage.get()
    }

    pub(super) fn reach(&self, stage: Stage) {
        self.stage.set(stage);
    }

    /// Notes the put of a file of the head. One whose answer never comes may have taken effect; where all that were sent
    /// were refused, nothing of the push is there.
    ///
    /// # Errors
    /// Those of the put.
    pub(super) async fn puts<T>(&self, put: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        self.puts.set(self.puts.get() + 1);
        self.reach(Stage::Replacing);
        let put = put.await;
        if put.as_ref().is_err_and(Error::is_refusal) {
            self.puts.set(self.puts.get() - 1);
            if self.puts.get() == 0 {
                self.reach(Stage::Untouched);
            }
        }
        put
    }

    /// The head's manifest is swapped next.
    pub(super) async fn swaps(&self, swap: HeadSwap<'_>) {
        if let Some(BeforeSwap(call)) = &self.before_swap {
            call(swap).await;
        }
        self.reach(Stage::Publishing);
    }
}
