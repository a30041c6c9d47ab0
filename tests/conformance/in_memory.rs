//! The simulation's bucket, where every request takes effect as soon as it is sent.

use std::cell::RefCell;
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use crate::adapter::Simulated;
use crate::memory::{Etags, Memory, Versioning};
use crate::suite;
use crate::world::World;

pub(crate) struct Subject {
    bucket: Simulated,
    versioning: Versioning,
}

/// A bucket with each kind of ETag.
pub(crate) fn subjects(versioning: Versioning) -> Vec<Subject> {
    let subject = |etags| {
        let world = Rc::new(RefCell::new(World::new(Memory::new(versioning, etags))));
        Subject { bucket: Simulated { world, client: 0 }, versioning }
    };
    [Etags::OfContent, Etags::Unique].map(subject).into()
}

impl Subject {
    pub(crate) fn run(&self, test: impl Future<Output = ()>) {
        let mut test = pin!(test);
        while test.as_mut().poll(&mut Context::from_waker(Waker::noop())) == Poll::Pending {
            let open: Vec<_> = self.bucket.world.borrow().open().map(|(id, _)| id).collect();
            assert!(!open.is_empty(), "the test waits for nothing");
            open.into_iter().for_each(|id| self.bucket.world.borrow_mut().deliver(id));
        }
    }
}

impl suite::Subject for Subject {
    type Bucket = Simulated;

    fn bucket(&self) -> &Simulated {
        &self.bucket
    }

    fn versioning(&self) -> Versioning {
        self.versioning
    }

    fn kms_key(&self) -> String {
        "key".to_owned()
    }
}
