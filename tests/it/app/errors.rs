//! What the product logs as ERROR, kept with the request it happened in.
//!
//! Tests run side by side in one process, so an error is claimed by the story whose request it was.
//! One that names no request is claimed by the first story that ends and did not expect it: rather
//! one wrong name beside a true failure than silence.

use std::fmt::Debug;
use std::sync::{Mutex, Once};

use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::{Context, SubscriberExt};
use tracing_subscriber::{Layer, Registry};

use super::lock;

#[derive(Debug, Clone)]
struct Logged {
    request: String,
    text: String,
    claimed: bool,
}

static LOGGED: Mutex<Vec<Logged>> = Mutex::new(Vec::new());
static LISTENING: Once = Once::new();

/// Starts keeping errors, once.
pub fn listen() {
    LISTENING.call_once(|| {
        let subscriber = Registry::default().with(Keep.with_filter(LevelFilter::ERROR));
        tracing::subscriber::set_global_default(subscriber).expect("no other subscriber");
    });
}

/// How many there have been: a story answers only for later ones.
pub fn count() -> usize {
    lock(&LOGGED).len()
}

/// The errors of these requests, and unclaimed ones of no request, that nobody expected.
pub fn take(since: usize, requests: &[String], expected: &[String]) -> Vec<String> {
    let mut unexpected = Vec::new();
    for error in lock(&LOGGED).iter_mut().skip(since) {
        let own = error.request.is_empty() || requests.contains(&error.request);
        if !own || error.claimed {
            continue;
        }
        error.claimed = true;
        if !expected.iter().any(|text| error.text.contains(text)) {
            unexpected.push(error.text.clone());
        }
    }
    unexpected
}

struct Keep;

impl<S: Subscriber> Layer<S> for Keep {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if *event.metadata().level() != Level::ERROR {
            return;
        }
        let mut words = Words::default();
        event.record(&mut words);
        lock(&LOGGED).push(Logged {
            request: words.request,
            text: format!("{}:{}", event.metadata().target(), words.text),
            claimed: false,
        });
    }
}

#[derive(Default)]
struct Words {
    request: String,
    text: String,
}

impl Visit for Words {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let value = format!("{value:?}");
        if field.name() == "request_id" {
            self.request = value.trim_matches('"').to_owned();
        } else {
            self.text.push_str(&format!(" {}={value}", field.name()));
        }
    }
}
