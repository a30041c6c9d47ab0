//! The seeded scheduler: what happens next.

use std::ops::AddAssign;

use crate::random::Random;
use crate::reference::Broken;
use crate::simulation::{Choice, Simulation};
use crate::world::{ClientId, Waiting};

/// How bad the network is, and how patient the machine that the jobs run on.
#[derive(Debug)]
pub(crate) struct Weather {
    /// In a hundred puts, and deletes of a purge.
    lost: usize,
    delayed: usize,
    refused: usize,
    /// In a hundred requests.
    given_up: usize,
    /// In a hundred steps.
    killed: usize,
    landing: usize,
    /// In a hundred steps: whoever moved last moves again.
    going_on: usize,
}

impl Weather {
    /// No fault but the meeting itself.
    pub(crate) const fn calm() -> Self {
        Self { lost: 0, delayed: 0, refused: 0, given_up: 0, killed: 0, landing: 0, going_on: 0 }
    }

    /// Only what a push bears by itself.
    pub(crate) const fn lossy() -> Self {
        Self { lost: 10, refused: 10, ..Self::calm() }
    }

    /// A third of all schedules is calm, a third lossy, and in the rest all may happen.
    pub(crate) fn of(random: &mut Random) -> Self {
        let kind = random.below(3);
        let going_on = *random.pick(&[0, 50, 90]);
        match kind {
            0 => Self { going_on, ..Self::calm() },
            1 => Self { lost: *random.pick(&[10, 30, 80]), going_on, ..Self::lossy() },
            _ => Self {
                lost: 10,
                delayed: *random.pick(&[0, 15]),
                refused: 5,
                given_up: *random.pick(&[0, 5]),
                killed: *random.pick(&[0, 3, 10]),
                landing: *random.pick(&[5, 30]),
                going_on,
            },
        }
    }
}

/// How often what was done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) schedules: u64,
    pub(crate) requests: u64,
    pub(crate) lost: u64,
    pub(crate) late: u64,
    pub(crate) refused: u64,
    pub(crate) given_up: u64,
    pub(crate) killed: u64,
    pub(crate) planted: u64,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.schedules += other.schedules;
        self.requests += other.requests;
        self.lost += other.lost;
        self.late += other.late;
        self.refused += other.refused;
        self.given_up += other.given_up;
        self.killed += other.killed;
        self.planted += other.planted;
    }
}

/// Moves the clients until all have ended or were killed.
pub(crate) fn run(
    simulation: &mut Simulation,
    random: &mut Random,
    weather: &Weather,
    counts: &mut Counts,
) -> Result<(), Broken> {
    counts.schedules += 1;
    let mut last = None;
    loop {
        let open: Vec<(u64, ClientId, bool)> = {
            let world = simulation.world();
            let is_write = |waiting: &Waiting| world.is_write(waiting.client, &waiting.request);
            world.open().map(|(id, waiting)| (id, waiting.client, is_write(waiting))).collect()
        };
        if open.is_empty() {
            let waits = (0..simulation.clients.len()).any(|client| simulation.is_running(client));
            return if waits { Err("a client waits for nothing".to_owned()) } else { Ok(()) };
        }
        let late = simulation.world().late().len();
        if late > 0 && random.chance(weather.landing) {
            let index = random.below(late);
            let is_lost = random.chance(20);
            simulation.act(if is_lost { Choice::Discard(index) } else { Choice::Land(index) })?;
            continue;
        }
        let same: Vec<_> = open.iter().filter(|(_, client, _)| Some(*client) == last).copied().collect();
        let among = if !same.is_empty() && random.chance(weather.going_on) { &same } else { &open };
        let (id, client, is_write) = *random.pick(among);
        last = Some(client);
        if random.chance(weather.killed) {
            counts.killed += 1;
            simulation.act(Choice::Kill(client))?;
            continue;
        }
        counts.requests += 1;
        let choice = if random.chance(weather.given_up) {
            counts.given_up += 1;
            Choice::GiveUp(id)
        } else if is_write && random.chance(weather.lost) {
            counts.lost += 1;
            Choice::LoseAnswer(id)
        } else if is_write && random.chance(weather.delayed) {
            Choice::Delay(id)
        } else if is_write && random.chance(weather.refused) {
            counts.refused += 1;
            Choice::Refuse(id)
        } else {
            Choice::Deliver(id)
        };
        simulation.act(choice)?;
    }
}
