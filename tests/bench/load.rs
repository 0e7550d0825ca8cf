//! Load: eight connections that each ask again as soon as they are answered.

use std::net::SocketAddr;
use std::sync::Barrier;
use std::time::{Duration, Instant};

use super::client::Client;

pub const CONNECTIONS: usize = 8;
/// Rounds of which the median counts.
pub const ROUNDS: usize = 3;

/// What one round measured.
#[derive(Debug, Clone)]
pub struct Round {
    pub per_second: f64,
    /// Sorted, in microseconds.
    micros: Vec<u32>,
}

impl Round {
    pub fn of(mut micros: Vec<u32>, took: Duration) -> Self {
        micros.sort_unstable();
        Self {
            per_second: micros.len() as f64 / took.as_secs_f64(),
            micros,
        }
    }

    /// The latency that this share of the answers kept, in milliseconds.
    pub fn percentile(&self, share: f64) -> f64 {
        let last = self.micros.len().saturating_sub(1);
        let at = (self.micros.len() as f64 * share) as usize;
        self.micros
            .get(at.min(last))
            .map_or(f64::NAN, |us| f64::from(*us) / 1000.0)
    }
}

/// Three rounds, ordered by rate: the middle one is reported.
#[derive(Debug, Clone)]
pub struct Rounds(Vec<Round>);

impl Rounds {
    pub fn median(&self) -> &Round {
        &self.0[self.0.len() / 2]
    }

    pub fn range(&self) -> (f64, f64) {
        let last = self.0.len() - 1;
        (self.0[0].per_second, self.0[last].per_second)
    }
}

/// Warms up for a third of the time, then measures [`ROUNDS`] rounds. `ask` is told the connection's
/// number and how many requests it made before; what it does is one measured request.
pub fn run<A>(address: SocketAddr, connections: usize, round: Duration, ask: A) -> Rounds
where
    A: Fn(&mut Client, usize, u64) + Sync,
{
    let mut clients: Vec<(Client, u64)> = (0..connections)
        .map(|_| (Client::new(address), 0))
        .collect();
    one(&mut clients, round / 3, &ask);
    let mut rounds: Vec<Round> = (0..ROUNDS)
        .map(|_| one(&mut clients, round, &ask))
        .collect();
    rounds.sort_by(|a, b| a.per_second.total_cmp(&b.per_second));
    Rounds(rounds)
}

fn one<A>(clients: &mut [(Client, u64)], round: Duration, ask: &A) -> Round
where
    A: Fn(&mut Client, usize, u64) + Sync,
{
    let start = Barrier::new(clients.len());
    let began = Instant::now();
    let micros = std::thread::scope(|scope| {
        let threads: Vec<_> = clients
            .iter_mut()
            .enumerate()
            .map(|(number, (client, count))| {
                let start = &start;
                scope.spawn(move || {
                    let mut micros = Vec::with_capacity(8192);
                    start.wait();
                    let end = Instant::now() + round;
                    while Instant::now() < end {
                        let began = Instant::now();
                        ask(client, number, *count);
                        micros.push(began.elapsed().as_micros() as u32);
                        *count += 1;
                    }
                    micros
                })
            })
            .collect();
        threads
            .into_iter()
            .flat_map(|t| t.join().expect("a connection went on"))
            .collect()
    });
    Round::of(micros, began.elapsed())
}
