//! Clients over one world, moved a step at a time.

use std::cell::{Ref, RefCell, RefMut};
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use cstore::store::Error;

use crate::adapter::Simulated;
use crate::adversary::Adversary;
use crate::client::{Client, Outcome, Role};
use crate::file_purges::is_file_purge;
use crate::memory::Memory;
use crate::promises::{self, is_purge};
use crate::reference::{Broken, Reference};
use crate::world::{ClientId, World};

/// What can be done next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Choice {
    Deliver(u64),
    LoseAnswer(u64),
    Delay(u64),
    Refuse(u64),
    GiveUp(u64),
    Land(usize),
    Discard(usize),
    Kill(ClientId),
}

/// No schedule needs so many steps; one that does will not end.
const MOST_STEPS: u64 = 20_000;

pub(crate) struct Simulation {
    world: Rc<RefCell<World>>,
    pub(crate) clients: Vec<Client>,
    pub(crate) reference: Reference,
    /// Whether a copy of a put was ever left behind.
    pub(crate) was_late: bool,
    pub(crate) adversary: Option<Adversary>,
    /// How many clients were done before the others began.
    pub(crate) done_before: usize,
}

impl Simulation {
    pub(crate) fn new(memory: Memory) -> Self {
        let world = Rc::new(RefCell::new(World::new(memory)));
        Self {
            world,
            clients: Vec::new(),
            reference: Reference::default(),
            was_late: false,
            adversary: None,
            done_before: 0,
        }
    }

    pub(crate) fn world(&self) -> Ref<'_, World> {
        self.world.borrow()
    }

    pub(crate) fn world_mut(&self) -> RefMut<'_, World> {
        self.world.borrow_mut()
    }

    /// Lets the adversary put something, if there is one.
    pub(crate) fn strike(&mut self) {
        if let Some(mut adversary) = self.adversary.take() {
            adversary.strike(self);
            self.adversary = Some(adversary);
        }
    }

    /// Adds a client, which sends its first requests.
    pub(crate) fn add(&mut self, role: Role) -> Result<ClientId, Broken> {
        let id = self.clients.len();
        self.world.borrow_mut().say(|| format!("client {id} begins: {role:?}"));
        let bucket = Simulated { world: Rc::clone(&self.world), client: id };
        if is_purge(&role) {
            self.world_mut().purgers.insert(id);
        }
        if is_file_purge(&role) {
            self.world_mut().file_purgers.insert(id);
        }
        self.clients.push(Client::new(role, bucket));
        self.poll(id)?;
        Ok(id)
    }

    /// When a client's first request took effect; now, where none has.
    pub(crate) fn began(&self, client: ClientId) -> u64 {
        let world = self.world();
        world.began.get(&client).copied().unwrap_or(world.now)
    }

    /// Whether a client has neither ended nor been killed.
    pub(crate) fn is_running(&self, client: ClientId) -> bool {
        self.clients[client].future.is_some()
    }

    /// Does one thing, lets whom it concerns go on, and holds what came of it to what was promised.
    pub(crate) fn act(&mut self, choice: Choice) -> Result<(), Broken> {
        self.strike();
        let client_of = |id| self.world().open().find(|(other, _)| *other == id).map(|(_, waiting)| waiting.client);
        let concerned = match choice {
            Choice::Deliver(id)
            | Choice::LoseAnswer(id)
            | Choice::Delay(id)
            | Choice::Refuse(id)
            | Choice::GiveUp(id) => client_of(id),
            Choice::Land(_) | Choice::Discard(_) | Choice::Kill(_) => None,
        };
        match choice {
            Choice::Deliver(id) => self.world_mut().deliver(id),
            Choice::LoseAnswer(id) => self.world_mut().lose_answer(id),
            Choice::Delay(id) => self.world_mut().delay(id),
            Choice::Refuse(id) => self.world_mut().refuse(id),
            Choice::GiveUp(id) => self.world_mut().give_up(id),
            Choice::Land(index) => self.world_mut().land(index),
            Choice::Discard(index) => self.world_mut().discard(index),
            Choice::Kill(client) => {
                self.world_mut().say(|| format!("client {client} is killed"));
                self.clients[client].is_killed = true;
                self.clients[client].future = None;
                let now = self.world().now;
                self.world_mut().ended.insert(client, now);
            }
        }
        self.note_effects()?;
        if let Some(client) = concerned {
            self.poll(client)?;
        }
        let (now, is_late) = (self.world().now, !self.world().late().is_empty());
        self.was_late |= is_late;
        if now > MOST_STEPS { Err("it does not end".to_owned()) } else { Ok(()) }
    }

    /// A client that nothing disturbs and nobody meets.
    pub(crate) fn run_alone(&mut self, role: Role) -> Result<&Client, Broken> {
        let id = self.add(role)?;
        while self.is_running(id) {
            let next = self.world().open().find(|(_, waiting)| waiting.client == id).map(|(request, _)| request);
            let request = next.ok_or("a client waits for nothing")?;
            self.act(Choice::Deliver(request))?;
        }
        Ok(&self.clients[id])
    }

    fn note_effects(&mut self) -> Result<(), Broken> {
        let effects = self.world_mut().take_effects();
        for effect in effects {
            let meets_purge = self.may_meet_purge(effect.began);
            self.reference.apply(&effect, &self.clients, &self.world.borrow(), meets_purge)?;
        }
        let removals = self.world_mut().take_removals();
        for removal in removals {
            match &self.clients[removal.client].role {
                Role::Purge { past_channels, is_shown } => {
                    let client = &self.clients[removal.client];
                    if *is_shown {
                        self.reference.nothing_unshown_goes(&removal, &client.declared.borrow())?;
                    }
                    self.reference.remove(&removal, &self.world.borrow().memory)?;
                    if !past_channels {
                        self.reference.nothing_deployed(&removal)?;
                    }
                }
                Role::PurgeFiles { paths, .. } => {
                    self.reference.remove_of_head(&removal, paths, &self.world.borrow().memory)?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Whether deletes of a purge may concern what a client has put that began then.
    fn may_meet_purge(&self, began: u64) -> bool {
        let world = self.world();
        let is_on_its_way = |purger: &ClientId| world.late().iter().any(|(client, _)| client == purger);
        world.purgers.iter().any(|purger| {
            world.began.contains_key(purger)
                && (is_on_its_way(purger) || world.ended.get(purger).is_none_or(|ended| *ended >= began))
        })
    }

    fn poll(&mut self, id: ClientId) -> Result<(), Broken> {
        let client = &mut self.clients[id];
        let waker = Waker::from(client.awake.clone());
        while client.awake.take() {
            let Some(future) = &mut client.future else { break };
            if let Poll::Ready(outcome) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
                client.future = None;
                let now = self.world.borrow().now;
                self.world.borrow_mut().ended.insert(id, now);
                self.world.borrow_mut().say(|| format!("client {id} ends: {}", brief(&outcome)));
                client.outcome = Some(outcome);
                return promises::of_client(self, id);
            }
        }
        Ok(())
    }
}

/// An outcome, for a line of a trace.
pub(crate) fn brief(outcome: &Outcome) -> String {
    let error = |error: &Error| format!("{error:?}");
    match outcome {
        Outcome::Pushed(Ok(pushed)) => format!("pushed, changed: {}", pushed.changed),
        Outcome::Pulled(Ok(pulled)) => format!("pulled {:?}", pulled.files.keys().collect::<Vec<_>>()),
        Outcome::Pushed(Err(failed)) | Outcome::Pulled(Err(failed)) => error(failed),
        Outcome::Moved(Ok(moved)) => format!("moved: {:?}", moved.what),
        Outcome::PulledChannel(Ok(pulled)) => format!("{pulled:?}"),
        Outcome::Moved(Err(failed)) | Outcome::PulledChannel(Err(failed)) => error(failed),
        Outcome::Removed => "removed".to_owned(),
        Outcome::Purged(Ok(purged)) => {
            format!("purged {}, {} in the way", purged.removed.len(), purged.in_the_way.len())
        }
        Outcome::Purged(Err(failed)) => error(failed),
    }
}
