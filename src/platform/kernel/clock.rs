//! The one place that reads the wall clock. Everything else is told what time it is.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use crate::platform::db::Utc;

/// Tells the time. Tests move it forward; nothing moves it back.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    ahead: Arc<AtomicI64>,
}

impl Clock {
    pub fn system() -> Self {
        Self::default()
    }

    /// Now, to the microsecond.
    #[allow(clippy::disallowed_methods)] // the one place
    pub fn now(&self) -> Utc {
        let wall = Utc::from_time(time::OffsetDateTime::now_utc());
        Utc::from_micros(wall.micros() + self.ahead.load(Ordering::Relaxed))
    }

    /// Moves this clock, and every copy of it, forward.
    pub fn travel(&self, span: time::Duration) {
        self.ahead
            .fetch_add(span.whole_microseconds() as i64, Ordering::Relaxed);
    }
}
