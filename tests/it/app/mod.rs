//! The harness: the real server, in this process, on a database of its own.
//!
//! [`each_database`] tells a story on SQLite and, where `ANDON_TEST_POSTGRES` names a server, on
//! PostgreSQL. An [`App`] listens on a free port of loopback; [`App::travel`] moves its clock,
//! [`App::work`] lets the workers work once, and nothing sleeps. When it goes, it fails the test for
//! every ERROR the product logged that the story did not expect.

#![allow(dead_code, unused_imports)] // a tool box: not every story uses every tool

mod cast;
mod client;
mod crawl;
mod database;
mod errors;
mod html;

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread::JoinHandle;

use actix_web::rt::System;
use andon::app::config::{Config, Flags, ServeFlags};
use andon::app::{server, workers};
use andon::follow;
use andon::people::{Site, Visitor};
use andon::platform::db::{Backend, Db, Read, Store, Utc, Write};
use andon::platform::kernel::clock::Clock;
use andon::platform::kernel::ctx::{Ctx, Door};
use andon::platform::kernel::error::{Error, Result};

pub use cast::{Desk, Human, LogCall};
pub use client::{Client, Page};
pub use crawl::{crawl, crawl_within};
pub use database::{Database, UrlText, backends, lines, postgres_url, variable, walk};
pub use html::{Doc, FilledForm};

/// Tells a story on each database there is. The database is printed with a failure.
#[track_caller]
pub fn each_database(story: impl Fn(App)) {
    each_database_with(|_| {}, story);
}

/// [`each_database`] with settings of its own.
#[track_caller]
pub fn each_database_with(settings: impl Fn(&mut ServeFlags), story: impl Fn(App)) {
    for backend in database::backends() {
        let told = catch_unwind(AssertUnwindSafe(|| {
            story(App::start(Database::fresh(backend), &settings));
        }));
        if let Err(why) = told {
            eprintln!("this was on {backend:?}");
            resume_unwind(why);
        }
    }
}

/// A story that needs no second database: about the browser, or about HTTP alone.
pub fn on_sqlite(story: impl FnOnce(App)) {
    story(App::start(Database::fresh(Backend::Sqlite), &|_| {}));
}

/// The running product.
pub struct App {
    pub address: String,
    pub site: Arc<Site>,
    server: actix_web::dev::ServerHandle,
    thread: Option<JoinHandle<()>>,
    /// Ids of the requests this story sent.
    requests: Arc<Mutex<Vec<String>>>,
    expected: Mutex<Vec<String>>,
    errors_before: usize,
    pub database: Database,
}

/// A clock that stands at the next Monday, 09:00 UTC, so that no story depends on the hour or the day it is
/// run at: one that lasts two hours would otherwise end on another day late in the evening.
fn monday_morning() -> Clock {
    const HOUR: i64 = 3_600_000_000;
    // Day 0, 1 January 1970, was a Thursday.
    let (week, monday_nine) = (7 * 24 * HOUR, (4 * 24 + 9) * HOUR);
    let clock = Clock::system();
    let ahead = (monday_nine - clock.now().micros()).rem_euclid(week);
    clock.travel(time::Duration::microseconds(ahead));
    clock
}

impl App {
    /// One more, beside the one of a story.
    pub fn fresh(backend: Backend) -> App {
        App::start(Database::fresh(backend), &|_| {})
    }

    fn start(database: Database, settings: &impl Fn(&mut ServeFlags)) -> App {
        errors::listen();
        let mut serve = ServeFlags {
            listen: Some("127.0.0.1:0".into()),
            workers: Some("1".into()),
            ..ServeFlags::default()
        };
        settings(&mut serve);
        let flags = Flags {
            database: Some(database.url.to_string_for_tests()),
            attachments_path: Some(database.folder().join("data").display().to_string()),
            serve,
            ..Flags::default()
        };
        let config = Config::build(None, std::iter::empty(), flags).expect("settings of a test");
        let store = Store::new(config.database.clone(), 2, follow::up);
        let (tell, told) = mpsc::channel();
        let thread = std::thread::spawn(move || {
            System::new().block_on(async move {
                let running = server::start(&config, store, monday_morning()).expect("a server");
                let handle = running.server.handle();
                tell.send((running.addresses[0], running.site.into_inner(), handle))
                    .expect("somebody waits for the server");
                running.server.await.expect("a server that ends well");
            });
        });
        let (address, site, server) = told.recv().expect("a server that starts");
        App {
            address: format!("http://{address}"),
            site,
            server,
            thread: Some(thread),
            requests: Arc::default(),
            expected: Mutex::default(),
            errors_before: errors::count(),
            database,
        }
    }

    pub fn backend(&self) -> Backend {
        self.site.store.backend()
    }

    pub fn now(&self) -> Utc {
        self.site.clock.now()
    }

    /// Time passes.
    pub fn travel(&self, span: time::Duration) {
        self.site.clock.travel(span);
    }

    /// How many statements a page takes. The line above it, which is counted once in two seconds, is
    /// counted with each.
    pub fn statements(&self, client: &Client, path: &str) -> u32 {
        self.travel(time::Duration::seconds(3));
        let page = client.page(path);
        let timing = page.header("server-timing").expect("diagnostics");
        let digits: String = timing.chars().filter(char::is_ascii_digit).collect();
        digits.parse().expect("a number")
    }

    /// The workers do everything that is due.
    pub fn work(&self) {
        let (store, now) = (self.site.store.clone(), self.now());
        System::new()
            .block_on(workers::run(&store, now))
            .expect("workers that work");
    }

    /// Where attachments are.
    pub fn data(&self) -> std::path::PathBuf {
        self.database.folder().join("data")
    }

    /// Somebody not signed in.
    pub fn anonymous(&self) -> Client {
        Client::new(&self.address, self.requests.clone())
    }

    /// Somebody signed in, on a session made for them directly.
    pub fn visit(&self, person: &Human) -> Client {
        let token = self.session_for(person);
        let client = self.anonymous();
        client.set_cookie(self.site.cookie_name(), &token);
        client
    }

    /// Reads the database as the product does.
    pub fn read<T>(&self, f: impl FnOnce(&mut Db) -> Result<T>) -> T {
        self.site
            .store
            .read_here(|r: &mut Read<'_>| f(r))
            .expect("a read")
    }

    /// Writes through the product's gate, consequences included.
    pub fn write<T>(&self, f: impl Fn(&mut Write<'_>) -> Result<T>) -> T {
        self.site.store.write_here(f).expect("a write")
    }

    /// Calls an action as a person, and gives its outcome.
    pub fn act<T>(
        &self,
        person: &Human,
        f: impl Fn(&mut Write<'_>, &Visitor, &Ctx) -> Result<T>,
    ) -> Result<T> {
        let now = self.now();
        self.site.store.write_here(|w| {
            let visitor = cast::visitor(w, person, now)?;
            let ctx = Ctx {
                now,
                actor: visitor.actor(),
                on_behalf_of: None,
                door: Door::Web,
                request_id: String::new(),
            };
            f(w, &visitor, &ctx)
        })
    }

    /// What an action would answer a person; whatever it did is undone.
    pub fn would<T>(
        &self,
        person: &Human,
        f: impl Fn(&mut Write<'_>, &Visitor, &Ctx) -> Result<T>,
    ) -> Result<T> {
        let answer = std::cell::RefCell::new(None);
        let undone = self.act(person, |w, visitor, ctx| {
            *answer.borrow_mut() = Some(f(w, visitor, ctx));
            Err::<(), _>(Error::refused("error-refused"))
        });
        assert!(matches!(undone, Err(Error::Refused(_))), "{undone:?}");
        answer.into_inner().expect("an answer")
    }

    /// An ERROR whose text contains this is part of the story.
    pub fn expect_error(&self, text: &str) {
        lock(&self.expected).push(text.to_owned());
    }

    /// How many rows a query counts, for what no page shows.
    pub fn count(&self, sql: &str) -> i64 {
        self.database.count(sql)
    }
}

impl Drop for App {
    fn drop(&mut self) {
        // Sending happens at once; the answer is the thread's end.
        drop(self.server.stop(false));
        if let Some(thread) = self.thread.take() {
            let ended = thread.join();
            assert!(
                ended.is_ok() || std::thread::panicking(),
                "the server panicked"
            );
        }
        if std::thread::panicking() {
            return;
        }
        let own = lock(&self.requests).clone();
        let unexpected = errors::take(self.errors_before, &own, &lock(&self.expected));
        assert!(
            unexpected.is_empty(),
            "the product logged errors: {unexpected:#?}"
        );
    }
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The root of the source, for tests about the source.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
