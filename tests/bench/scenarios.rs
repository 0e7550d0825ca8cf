//! What is measured, one function each. All over HTTP, with eight connections, as agents who are
//! signed in; the first answer of each kind is read and checked, so that no error page is measured.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use andon::platform::db::Id;
use andon::records::Number;

use crate::client::{Client, encode, read_slowly};
use crate::data::words::Random;
use crate::load::{self, CONNECTIONS, Round, Rounds};
use crate::server::{Server, files, highest_memory};
use crate::world::{SEARCHES, World};

pub struct Bench<'a> {
    pub world: &'a World,
    pub server: &'a Server,
    pub round: Duration,
}

/// How large a page is: as it is and over the wire.
#[derive(Debug, Clone, Copy)]
pub struct Page {
    pub bytes: usize,
    pub sent: usize,
}

/// A backup beside others, and what it cost them.
pub struct Backup {
    pub took: Duration,
    pub bytes: u64,
    /// Of the backup's own process, in MiB.
    pub highest: f64,
    pub alone: Round,
    pub beside: Round,
}

impl Bench<'_> {
    pub(crate) fn client(&self) -> Client {
        Client::new(self.server.address)
    }

    pub(crate) fn look(&self, path: &str, holds: &str) -> Page {
        let mut client = self.client();
        let reply = client.get(path, &self.world.cookies[0]);
        let (status, sent, text) = (reply.status, reply.len(), reply.text());
        assert_eq!(status, 200, "{path} answers {status}: {text}");
        assert!(text.contains(holds), "{path} holds no {holds:?}: {text}");
        Page {
            bytes: text.len(),
            sent,
        }
    }

    /// One page, asked for by one agent alone.
    pub(crate) fn only(&self, agent: usize, path: &str, holds: &str) -> Rounds {
        let cookie = &self.world.cookies[agent];
        let text = self.client().get(path, cookie).text();
        assert!(text.contains(holds), "{path} holds no {holds:?}: {text}");
        load::run(
            self.server.address,
            CONNECTIONS,
            self.round,
            |client, _, _| {
                assert_eq!(client.get(path, cookie).status, 200);
            },
        )
    }

    pub(crate) fn get<'p>(&self, path: impl Fn(usize, u64) -> String + Sync + 'p) -> Rounds {
        load::run(
            self.server.address,
            CONNECTIONS,
            self.round,
            |client, c, n| {
                let reply = client.get(&path(c, n), self.world.cookie(c, n));
                assert_eq!(reply.status, 200);
            },
        )
    }

    /// Each agent's own default view, every built-in view counted beside it.
    pub fn queue(&self) -> (Rounds, Page) {
        let page = self.look("/queue", "<table");
        (self.get(|_, _| "/queue".to_owned()), page)
    }

    /// Open records with forty entries.
    pub fn record(&self) -> (Rounds, Page) {
        let long = &self.world.long;
        let page = self.look(&long[0].path(), &long[0].to_string());
        let path = |c: usize, n: u64| long[(c * 25 + n as usize) % long.len()].path();
        (self.get(path), page)
    }

    /// The published mix, and each of its kinds alone.
    pub fn search(&self) -> (Rounds, Vec<(&'static str, Round)>) {
        self.look("/search?q=outlook", "outlook");
        let path = |class: usize, c: usize, n: u64| {
            let mut random = Random(n * 8 + c as u64);
            format!("/search?q={}", self.world.search(class, &mut random))
        };
        let mix = self.get(|c, n| path((n as usize + c) % SEARCHES.len(), c, n));
        let alone = SEARCHES
            .iter()
            .enumerate()
            .map(|(class, name)| (*name, self.get(|c, n| path(class, c, n)).median().clone()));
        (mix, alone.collect())
    }

    /// A call logged, answered once it is on the disk.
    pub fn create(&self) -> Rounds {
        load::run(
            self.server.address,
            CONNECTIONS,
            self.round,
            |client, c, n| {
                let form = self.call(c, n, "a call of the benchmark");
                let reply = client.post("/calls", self.world.cookie(c, n), &form);
                assert_eq!(reply.status, 303, "{}", reply.text());
            },
        )
    }

    fn call(&self, c: usize, n: u64, title: &str) -> String {
        let mut random = Random(n * 8 + c as u64 + 1_000_003);
        let mut any = |of: &[String]| of[random.below(of.len())].clone();
        let (person, service) = (any(&self.world.requesters), any(&self.world.services));
        let category = any(&self.world.categories);
        format!(
            "form_key={}&kind=incident&channel=phone&person={person}&title={}&description={}\
             &service={service}&category={category}&matrix=2-2",
            Id::<()>::new(),
            encode(title),
            encode("the docking station shows nothing since this morning, tried another cable")
        )
    }

    /// A public reply to one of many open records.
    pub fn reply(&self) -> Rounds {
        load::run(
            self.server.address,
            CONNECTIONS,
            self.round,
            |client, c, n| {
                let open = &self.world.open;
                let number = open[(n as usize * CONNECTIONS + c) * 7 % open.len()];
                self.reply_to(
                    client,
                    number,
                    self.world.cookie(c, n),
                    "Please try another cable.",
                );
            },
        )
    }

    fn reply_to(&self, client: &mut Client, number: Number, cookie: &str, body: &str) {
        let form = format!(
            "form_key={}&audience=public&seen=1000000&anyway=1&body={}",
            Id::<()>::new(),
            encode(body)
        );
        let reply = client.post(&format!("{}/entries", number.path()), cookie, &form);
        assert_eq!(reply.status, 303, "{}", reply.text());
    }

    /// The product's own backup in a process of its own, while eight clients log calls.
    pub fn backup(&self, folder: &Path, database: &str) -> Backup {
        let file = folder.join("backup.tar.gz");
        for old in [file.clone(), folder.join("backup.tar.gz.part")] {
            let _ = std::fs::remove_file(old);
        }
        let alone = self.create().median().clone();
        let done = AtomicBool::new(false);
        let (mut took, mut highest) = (Duration::ZERO, 0.0f64);
        let began = Instant::now();
        let micros = std::thread::scope(|scope| {
            let done = &done;
            let clients: Vec<_> = (0..CONNECTIONS)
                .map(|c| scope.spawn(move || self.create_until(c, done)))
                .collect();
            let mut child = Command::new(env!("CARGO_BIN_EXE_andon"))
                .args(["backup", "--database", database, "--attachments-path"])
                .arg(files(folder, database))
                .arg(&file)
                .stdout(Stdio::null())
                .spawn()
                .expect("andon backup starts");
            let status = loop {
                highest = highest.max(highest_memory(child.id()));
                if let Some(status) = child.try_wait().expect("its end") {
                    break status;
                }
                std::thread::sleep(Duration::from_millis(20));
            };
            took = began.elapsed();
            done.store(true, Ordering::Relaxed);
            assert!(status.success(), "andon backup: {status}");
            let clients = clients.into_iter();
            clients.flat_map(|c| c.join().expect("a client")).collect()
        });
        let bytes = std::fs::metadata(&file).expect("the archive").len();
        let _ = std::fs::remove_file(&file);
        Backup {
            took,
            bytes,
            highest,
            alone,
            beside: Round::of(micros, began.elapsed()),
        }
    }

    fn create_until(&self, c: usize, done: &AtomicBool) -> Vec<u32> {
        let mut client = self.client();
        let mut micros = Vec::new();
        let mut n = 1 << 32;
        while !done.load(Ordering::Relaxed) {
            let began = Instant::now();
            let form = self.call(c, n, "a call during a backup");
            let reply = client.post("/calls", self.world.cookie(c, n), &form);
            assert_eq!(reply.status, 303, "{}", reply.text());
            micros.push(began.elapsed().as_micros() as u32);
            n += 1;
        }
        micros
    }

    /// Nothing answers from a page kept whole: a change shows on the very next request of somebody
    /// else.
    pub fn changes_show_at_once(&self) {
        let (mut one, mut other) = (self.client(), self.client());
        let number = self.world.open[1];
        for n in 0..20 {
            other.get(&number.path(), &self.world.cookies[1]);
            let text = format!("change {n} {}", Id::<()>::new());
            self.reply_to(&mut one, number, &self.world.cookies[2], &text);
            let page = other.get(&number.path(), &self.world.cookies[1]).text();
            assert!(page.contains(&text), "a reply shows on the next request");
        }
        let of_all = |client: &mut Client| {
            let page = client
                .get("/queue?view=open&sort=opened", &self.world.cookies[1])
                .text();
            assert!(page.contains("<table"), "the queue of all open records");
            page
        };
        of_all(&mut other);
        let title = format!("change {}", Id::<()>::new());
        let reply = one.post("/calls", &self.world.cookies[2], &self.call(0, 0, &title));
        assert_eq!(reply.status, 303);
        assert!(
            of_all(&mut other).contains(&title),
            "a call shows in the queue's next request"
        );
    }

    /// Every record as CSV, while somebody with a bad line reads the same at 10 KB/s and seven others
    /// look at queues.
    pub fn export(&self) -> Export {
        const PATH: &str = "/queue.csv?view=open&show=all";
        /// One after the other, so that memory that only grows would show.
        const EXPORTS: usize = 6;
        let before = self.server.memory();
        let done = AtomicBool::new(false);
        let pages = AtomicUsize::new(0);
        let slow = AtomicUsize::new(0);
        let took = Mutex::new(Vec::new());
        let mut resident = Vec::new();
        let mut rows = 0;
        std::thread::scope(|scope| {
            let stop = || done.load(Ordering::Relaxed);
            let address = self.server.address;
            scope.spawn({
                let slow = &slow;
                move || {
                    let cookie = &self.world.cookies[3];
                    slow.store(
                        read_slowly(address, PATH, cookie, 10_000, stop),
                        Ordering::Relaxed,
                    );
                }
            });
            for c in 0..CONNECTIONS - 1 {
                let pages = &pages;
                scope.spawn(move || {
                    let mut client = self.client();
                    let mut n = 0;
                    while !stop() {
                        client.get("/queue", self.world.cookie(c, n));
                        pages.fetch_add(1, Ordering::Relaxed);
                        n += 1;
                    }
                });
            }
            std::thread::sleep(Duration::from_millis(500));
            for _ in 0..EXPORTS {
                let began = Instant::now();
                let mut client = self.client();
                let reply = client.get(PATH, &self.world.cookies[4]);
                assert_eq!(reply.status, 200);
                took.lock().expect("times").push(began.elapsed());
                rows = reply.text().lines().count();
                resident.push(self.server.memory().0);
            }
            // Long enough for the slow reader's connection to fill.
            std::thread::sleep(Duration::from_secs(3));
            done.store(true, Ordering::Relaxed);
        });
        let mut took = took.into_inner().expect("times");
        took.sort_unstable();
        assert!(
            rows as u64 > self.world.size.records,
            "every record is in the export: {rows}"
        );
        Export {
            rows,
            took: took[EXPORTS / 2],
            pages: pages.into_inner(),
            slow_bytes: slow.into_inner(),
            before: before.0,
            after: resident,
            highest: self.server.memory().1,
        }
    }
}

#[derive(Debug)]
pub struct Export {
    pub rows: usize,
    pub took: Duration,
    /// Queue pages answered meanwhile.
    pub pages: usize,
    pub slow_bytes: usize,
    /// Resident memory in MiB: before, after each export, and at its highest.
    pub before: f64,
    pub after: Vec<f64>,
    pub highest: f64,
}

/// How long a write takes, and the next one after another panicked: the medians, in milliseconds.
pub fn after_a_panic(world: &World) -> (f64, f64) {
    let set = |value: &str| {
        let value = value.to_owned();
        let began = Instant::now();
        world
            .store
            .write_here(|w| andon::services::set_setting(w, "bench", &value))
            .expect("the write succeeds");
        began.elapsed()
    };
    let silent = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let (mut plain, mut after) = (Vec::new(), Vec::new());
    for n in 0..50 {
        plain.push(set(&n.to_string()));
        let lost: andon::platform::kernel::error::Result<()> = world.store.write_here(|w| {
            andon::services::set_setting(w, "bench", "half done")?;
            panic!("a closure of the benchmark");
        });
        assert!(lost.is_err());
        after.push(set("after"));
    }
    std::panic::set_hook(silent);
    let median = |times: &mut Vec<Duration>| {
        times.sort_unstable();
        times[times.len() / 2].as_secs_f64() * 1000.0
    };
    (median(&mut plain), median(&mut after))
}
