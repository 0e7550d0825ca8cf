//! The programs behind the browser: where they are, how they start, and that they end.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use serde_json::{Map, Value, json};

/// How many browsers run at once; each wants a processor and 300 MB.
const AT_ONCE: usize = 2;

pub struct Programs {
    pub chromium: PathBuf,
    pub chromedriver: PathBuf,
}

/// The browser and its driver, or `None`, said loudly. `tests/rig/lib.sh` looks in the same places.
pub fn programs() -> Option<Programs> {
    let chromium = find(
        "CHROMIUM",
        &[
            "chromium",
            "chromium-browser",
            "google-chrome",
            "google-chrome-stable",
        ],
    );
    let chromedriver = find(
        "CHROMEDRIVER",
        &[
            "chromedriver",
            "chromium.chromedriver",
            "/usr/lib/chromium/chromedriver",
        ],
    );
    match (chromium, chromedriver) {
        (Some(chromium), Some(chromedriver)) => Some(Programs {
            chromium,
            chromedriver,
        }),
        (None, _) => skipped("a browser test: no Chromium (install it, or set CHROMIUM)"),
        (_, None) => skipped("a browser test: no chromedriver (install it, or set CHROMEDRIVER)"),
    }
}

/// axe-core's script, or `None`, said loudly.
pub fn axe_source() -> Option<String> {
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/node_modules/axe-core/axe.min.js"
    );
    match std::fs::read_to_string(file) {
        Ok(source) => Some(source),
        Err(_) => skipped("an accessibility check: no axe-core (npm ci --ignore-scripts)"),
    }
}

/// Past the test harness's capture, because nobody reads what a passing test printed.
fn skipped<T>(what: &str) -> Option<T> {
    assert!(
        variable("ANDON_REQUIRE_ALL").as_deref() != Some("1"),
        "nothing may be skipped, but {what}"
    );
    let _ = writeln!(std::io::stderr(), "SKIPPED {what}");
    None
}

#[allow(
    clippy::disallowed_methods,
    reason = "which programs the tests use is no setting of the product"
)]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

fn find(name: &str, usual: &[&str]) -> Option<PathBuf> {
    let folders = variable("PATH").unwrap_or_default();
    let locate = |program: &str| match program.contains('/') {
        true => Some(PathBuf::from(program)).filter(|file| file.is_file()),
        false => folders
            .split(':')
            .map(|folder| Path::new(folder).join(program))
            .find(|file| file.is_file()),
    };
    match variable(name) {
        Some(named) => locate(&named),
        None => usual.iter().find_map(|program| locate(program)),
    }
}

/// A place among the browsers that run at once.
pub struct Slot(());

static RUNNING: Mutex<usize> = Mutex::new(0);
static ONE_ENDED: Condvar = Condvar::new();

impl Slot {
    pub fn take() -> Slot {
        let running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
        let mut running = ONE_ENDED
            .wait_while(running, |running| *running >= AT_ONCE)
            .unwrap_or_else(PoisonError::into_inner);
        *running += 1;
        Slot(())
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        *RUNNING.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
        ONE_ENDED.notify_one();
    }
}

/// A running chromedriver, in a process group of its own that ends with it.
pub struct Driver {
    pub url: String,
    process: Child,
    profile: tempfile::TempDir,
}

impl Driver {
    pub fn spawn(programs: &Programs) -> Result<Driver, String> {
        let say = |error: std::io::Error| format!("{}: {error}", programs.chromedriver.display());
        // In the target folder rather than /tmp, which a Chromium from a snap does not share with us.
        let profile = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).map_err(say)?;
        let mut process = Command::new(&programs.chromedriver)
            .args(["--port=0", "--log-level=SEVERE"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .map_err(say)?;
        let lines = process.stdout.take().map(BufReader::new);
        let mut driver = Driver {
            url: String::new(),
            process,
            profile,
        };
        let mut lines = lines
            .into_iter()
            .flat_map(BufRead::lines)
            .map_while(Result::ok);
        let port = lines.find_map(|line| {
            let digits = line.split_once("successfully on port ")?.1;
            digits.trim_end_matches('.').parse::<u16>().ok()
        });
        let port = port.ok_or("chromedriver ended before it named its port")?;
        driver.url = format!("http://127.0.0.1:{port}");
        // Somebody must read the rest, or it blocks.
        std::thread::spawn(move || lines.for_each(drop));
        Ok(driver)
    }

    pub fn capabilities(&self, programs: &Programs) -> Map<String, Value> {
        let mut arguments = vec![
            "--headless=new".to_owned(),
            "--disable-gpu".into(),
            // As on a phone, whose scroll bars take no room.
            "--hide-scrollbars".into(),
            "--disable-quic".into(),
            "--disable-dev-shm-usage".into(),
            "--no-first-run".into(),
            "--no-default-browser-check".into(),
            "--disable-background-networking".into(),
            "--disable-component-update".into(),
            "--disable-sync".into(),
            "--disable-extensions".into(),
            "--lang=en-GB".into(),
            format!("--user-data-dir={}", self.profile.path().display()),
        ];
        if is_root() {
            arguments.push("--no-sandbox".into());
        }

        let options = json!({
            "binary": programs.chromium,
            "args": arguments,
            "prefs": { "credentials_enable_service": false },
        });
        let mut capabilities = Map::new();
        capabilities.insert("browserName".into(), json!("chrome"));
        capabilities.insert("goog:chromeOptions".into(), options);
        capabilities.insert("goog:loggingPrefs".into(), json!({ "browser": "ALL" }));
        capabilities
    }

    /// A command of this driver's own, which the standard does not know.
    #[track_caller]
    pub fn post(&self, path: &str, body: &Value) -> Value {
        let url = format!("{}{path}", self.url);
        let answer = ureq::post(&url)
            .config()
            .timeout_global(Some(Duration::from_secs(30)))
            .http_status_as_error(false)
            .build()
            .header("content-type", "application/json")
            .send(body.to_string());
        let text = answer
            .and_then(|mut answer| answer.body_mut().read_to_string())
            .expect("an answer from the driver");
        let mut answer: Value = serde_json::from_str(&text).expect("JSON from the driver");
        let value = answer["value"].take();
        assert!(value.get("error").is_none(), "{path}: {value}");
        value
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // The whole group, which is ours alone: the driver and, if it had no time to end it, its browser.
        let group = format!("-{}", self.process.id());
        let _ = Command::new("kill")
            .args(["-KILL", "--", &group])
            .stderr(Stdio::null())
            .status();
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|us| std::os::unix::fs::MetadataExt::uid(&us) == 0)
}
