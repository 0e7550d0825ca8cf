//! Log lines on standard error: text for people, JSON for collectors; times in UTC.
//!
//! Our own events follow the chosen level. Libraries speak from `warn` on, unless the level is `debug` or
//! `trace`. Errors are counted, because a test that leaves an unexpected one has failed.

use std::sync::atomic::{AtomicU64, Ordering};

use tracing::{Event, Level, Subscriber};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::{Context, SubscriberExt};
use tracing_subscriber::{Layer, Registry};

use super::config::{LogFormat, LogLevel};

static ERRORS: AtomicU64 = AtomicU64::new(0);

/// How many ERROR events this process has logged since `start`, shown or not.
pub fn errors_logged() -> u64 {
    ERRORS.load(Ordering::Relaxed)
}

/// Sets logging up for the process. A second call changes nothing, so that tests may all call it.
pub fn start(format: LogFormat, level: LogLevel) {
    let lines = subscriber(
        format,
        level,
        std::io::stderr,
        std::io::IsTerminal::is_terminal(&std::io::stderr()),
    );
    // The only error is that it is set already.
    let _ = tracing::subscriber::set_global_default(lines);
}

fn subscriber<W>(
    format: LogFormat,
    level: LogLevel,
    writer: W,
    colours: bool,
) -> Box<dyn Subscriber + Send + Sync>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let filter = targets(level);
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(writer)
        .with_ansi(colours);
    match format {
        LogFormat::Text => Box::new(
            Registry::default()
                .with(CountErrors)
                .with(lines.with_filter(filter)),
        ),
        LogFormat::Json => {
            let json = lines.json().flatten_event(true).with_span_list(false);
            Box::new(
                Registry::default()
                    .with(CountErrors)
                    .with(json.with_filter(filter)),
            )
        }
    }
}

fn targets(level: LogLevel) -> Targets {
    let (own, others) = match level {
        LogLevel::Error => (LevelFilter::ERROR, LevelFilter::ERROR),
        LogLevel::Warn => (LevelFilter::WARN, LevelFilter::WARN),
        LogLevel::Info => (LevelFilter::INFO, LevelFilter::WARN),
        LogLevel::Debug => (LevelFilter::DEBUG, LevelFilter::INFO),
        LogLevel::Trace => (LevelFilter::TRACE, LevelFilter::DEBUG),
    };
    Targets::new()
        .with_target(env!("CARGO_CRATE_NAME"), own)
        .with_default(others)
}

struct CountErrors;

impl<S: Subscriber> Layer<S> for CountErrors {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if *event.metadata().level() == Level::ERROR {
            ERRORS.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(LevelFilter::ERROR)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    fn logged(format: LogFormat, level: LogLevel, work: impl FnOnce()) -> Vec<String> {
        let lines = Lines::default();
        let writer = lines.clone();
        tracing::subscriber::with_default(
            subscriber(format, level, move || writer.clone(), false),
            work,
        );
        let bytes = lines.0.lock().unwrap().clone();
        String::from_utf8(bytes)
            .unwrap()
            .lines()
            .map(str::to_owned)
            .collect()
    }

    #[test]
    fn json_lines_are_flat_objects_in_utc() {
        let lines = logged(LogFormat::Json, LogLevel::Info, || {
            tracing::info!(request_id = "a1", "answered \"it\"\n")
        });
        let line: serde_json::Value = serde_json::from_str(&lines[0]).unwrap();
        assert_eq!(
            (lines.len(), &line["request_id"], &line["level"]),
            (1, &"a1".into(), &"INFO".into())
        );
        assert_eq!(line["message"], "answered \"it\"\n");
        assert!(line["timestamp"].as_str().unwrap().ends_with('Z'));
    }

    #[test]
    fn text_lines_stay_one_line_and_levels_filter() {
        let lines = logged(LogFormat::Text, LogLevel::Warn, || {
            tracing::info!("not shown");
            tracing::warn!(value = "a\nb", "shown");
        });
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert!(lines[0].contains("WARN") && lines[0].contains("shown") && lines[0].contains("Z "));
    }

    #[test]
    fn libraries_are_quieter_than_we_are() {
        let speak = || {
            tracing::info!(target: "actix_server", "library");
            tracing::info!("own");
        };
        assert_eq!(logged(LogFormat::Text, LogLevel::Info, speak).len(), 1);
        assert_eq!(logged(LogFormat::Text, LogLevel::Debug, speak).len(), 2);
    }

    #[test]
    fn errors_are_counted() {
        let before = errors_logged();
        logged(LogFormat::Text, LogLevel::Error, || {
            tracing::error!("one");
            tracing::warn!("none");
        });
        assert!(errors_logged() > before);
    }
}
