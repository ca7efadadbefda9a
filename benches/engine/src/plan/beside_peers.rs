//! Cases in which ours and its peers do the same work.

use super::{AT_ONCE, BACKLOG, IN_MEMORY, ON_DISK, ONE_BY_ONE, RESIDENT, STORED, WAITING};
use crate::case::{Case, Measure};
use crate::contender::Contender;
use crate::load::Load;
use crate::ours::Keeping;
use crate::ours::full_queue::FullQueue;
use crate::ours::throughput::{self, Jobs};
use crate::peers::apalis_memory::ApalisMemory;
use crate::peers::apalis_sqlite::ApalisSqlite;
use crate::peers::bare_sqlite::{BareSqlite, Commit, Synchronous};
use crate::peers::tokio_spawn::{Handover, TokioSpawn};

/// A case that is run as often as all others.
struct Plan {
    group: &'static str,
    cases: Vec<Case>,
}

impl Plan {
    const fn new(group: &'static str) -> Self {
        let cases = Vec::new();
        Self { group, cases }
    }

    fn ours(
        &mut self,
        work: &'static str,
        ours: impl Contender + 'static,
        load: Load,
        measures: &'static [Measure],
    ) {
        self.add(work, Box::new(ours), load, measures, None);
    }

    fn peer(
        &mut self,
        work: &'static str,
        peer: impl Contender + 'static,
        load: Load,
        measures: &'static [Measure],
        beside: Keeping,
    ) {
        self.add(work, Box::new(peer), load, measures, Some(beside.who()));
    }

    fn add(
        &mut self,
        work: &'static str,
        contender: Box<dyn Contender>,
        load: Load,
        measures: &'static [Measure],
        beside: Option<String>,
    ) {
        self.cases.push(Case {
            group: self.group,
            work,
            contender,
            load,
            measures,
            beside,
            rounds: usize::MAX,
        });
    }
}

const fn jobs(keeping: Keeping, handover: throughput::Handover) -> Jobs {
    Jobs {
        keeping,
        handover,
        cautious: false,
    }
}

pub(super) fn in_memory() -> Vec<Case> {
    use Keeping::Memory;
    use Measure::{Ended, Throughput};
    let mut plan = Plan::new(IN_MEMORY);
    for callers in [1, 8, 64] {
        let ours = jobs(Memory, throughput::Handover::OneByOne);
        let load = Load::new(100_000, callers);
        plan.ours(ONE_BY_ONE, ours, load, &[Throughput]);
        let spawn = TokioSpawn {
            handover: Handover::OneByOne,
        };
        let load = Load::new(500_000, callers);
        plan.peer(ONE_BY_ONE, spawn, load, &[Throughput], Memory);
    }
    for callers in [1, 8, 64] {
        let ours = jobs(Memory, throughput::Handover::OneByOneTimed);
        let load = Load::new(100_000, callers);
        plan.ours(ONE_BY_ONE, ours, load, &[Ended]);
        let spawn = TokioSpawn {
            handover: Handover::OneByOneTimed,
        };
        plan.peer(ONE_BY_ONE, spawn, load, &[Ended], Memory);
    }
    for callers in [1, 8] {
        let load = Load::new(300_000, callers);
        let ours = jobs(Memory, throughput::Handover::AllAtOnce);
        plan.ours(AT_ONCE, ours, load, &[Throughput]);
        let spawn = TokioSpawn {
            handover: Handover::AllAtOnce,
        };
        plan.peer(AT_ONCE, spawn, load, &[Throughput], Memory);
        let apalis = ApalisMemory { waiting: false };
        plan.peer(AT_ONCE, apalis, load, &[Throughput], Memory);
    }
    plan.cases
}

pub(super) fn on_disk() -> Vec<Case> {
    use Measure::{Accepted, Ended, Throughput};
    const ALL: &[Measure] = &[Throughput, Accepted, Ended];
    let sqlite = |commit, synchronous| BareSqlite {
        commit,
        synchronous,
    };
    let mut plan = Plan::new(ON_DISK);
    for (synchronous, keeping, jobs) in [
        (Synchronous::Normal, Keeping::Normal, 10_000),
        (Synchronous::Full, Keeping::Full, 2_000),
    ] {
        let alone = sqlite(Commit::EachChange, synchronous);
        plan.peer(STORED, alone, Load::new(jobs, 1), ALL, keeping);
    }
    for (callers, number) in [(1, 3_000), (8, 15_000), (64, 50_000), (256, 80_000)] {
        let load = Load::new(number, callers);
        for (synchronous, keeping) in [
            (Synchronous::Normal, Keeping::Normal),
            (Synchronous::Full, Keeping::Full),
        ] {
            let ours = jobs(keeping, throughput::Handover::OneByOneTimed);
            plan.ours(STORED, ours, load, ALL);
            let groups = sqlite(Commit::Groups, synchronous);
            plan.peer(STORED, groups, load, ALL, keeping);
        }
        // This peer tells its callers when a job is kept, and not when it has ended.
        let load = Load::new(2_000, callers);
        plan.peer(
            STORED,
            ApalisSqlite,
            load,
            &[Throughput, Accepted],
            Keeping::Full,
        );
    }
    // More callers than places would be needed to see it above: there every job begins at once.
    for keeping in [Keeping::Normal, Keeping::Full] {
        for cautious in [false, true] {
            let ours = Jobs {
                keeping,
                handover: throughput::Handover::AllAtOnce,
                cautious,
            };
            plan.ours(BACKLOG, ours, Load::new(50_000, 256), &[Throughput]);
        }
    }
    plan.cases
}

pub(super) fn resident() -> Vec<Case> {
    use Measure::BytesPerJob;
    let mut plan = Plan::new(RESIDENT);
    for (keeping, callers) in [
        (Keeping::Memory, 1),
        (Keeping::Normal, 64),
        (Keeping::Full, 64),
    ] {
        let load = Load::new(100_000, callers);
        plan.ours(WAITING, FullQueue { keeping }, load, &[BytesPerJob]);
    }
    let load = Load::new(200_000, 1);
    let spawn = TokioSpawn {
        handover: Handover::Waiting,
    };
    plan.peer(WAITING, spawn, load, &[BytesPerJob], Keeping::Memory);
    let apalis = ApalisMemory { waiting: true };
    plan.peer(WAITING, apalis, load, &[BytesPerJob], Keeping::Memory);
    plan.cases
}
