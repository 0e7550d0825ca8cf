//! A real browser, driven step by step: Debian's Chromium through its own driver.
//!
//! Everything blocks, so that a story reads from top to bottom. A step that cannot be done panics with what
//! was looked for, where, and what the console said. Waiting is always for something, never for a time.
//!
//! `press` counts what a hand does on the keyboard (a chord is one press); `typed` does not count, it is what
//! a person has to say in any case. That is how a story proves "at most twelve key presses".
#![allow(dead_code)] // a tool box: not every story uses every tool
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)] // tests stop

mod checks;
mod driver;
mod keys;

#[cfg(test)]
mod tests;

use std::cell::RefCell;
use std::future::Future;
use std::path::Path;
use std::time::{Duration, Instant};

use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use fantoccini::{Client, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

use driver::Driver;

/// How long a page may take to show what a story waits for; a slow machine is no reason to fail.
const PATIENCE: Duration = Duration::from_secs(15);
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// A browser with one window and an empty profile, gone when dropped.
pub struct Browser {
    client: Option<Client>,
    runtime: tokio::runtime::Runtime,
    driver: Driver,
    session: String,
    presses: RefCell<Vec<String>>,
    console: RefCell<Vec<Entry>>,
    javascript: bool,
    /// Held until the end: only so many browsers run at once.
    _slot: driver::Slot,
}

/// A line of the browser's console.
#[derive(Clone, Debug)]
pub struct Entry {
    pub level: String,
    pub source: String,
    pub message: String,
}

impl Browser {
    /// Starts a browser whose page is `size` CSS pixels. `None`, said loudly, where there is none installed;
    /// a panic instead where nothing may be skipped.
    #[must_use]
    pub fn start(size: (u32, u32), dark: bool, javascript: bool) -> Option<Browser> {
        let programs = driver::programs()?;
        let slot = driver::Slot::take();
        let mut last_failure = String::new();
        // Chromium on a busy machine does not always come up at the first try.
        for _ in 0..3 {
            match Self::try_start(&programs) {
                Ok((client, runtime, driver, session)) => {
                    let browser = Browser {
                        client: Some(client),
                        runtime,
                        driver,
                        session,
                        presses: RefCell::default(),
                        console: RefCell::default(),
                        javascript,
                        _slot: slot,
                    };
                    browser.prepare(size, dark);
                    return Some(browser);
                }
                Err(failure) => last_failure = failure,
            }
        }
        panic!("the browser does not start: {last_failure}");
    }

    fn try_start(
        programs: &driver::Programs,
    ) -> Result<(Client, tokio::runtime::Runtime, Driver, String), String> {
        let driver = Driver::spawn(programs)?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| error.to_string())?;
        let capabilities = driver.capabilities(programs);
        let (client, session) = runtime.block_on(async {
            let client = fantoccini::ClientBuilder::new(HttpConnector::new())
                .capabilities(capabilities)
                .connect(&driver.url)
                .await
                .map_err(|error| error.to_string())?;
            let session = client
                .session_id()
                .await
                .map_err(|error| error.to_string())?;
            Ok::<_, String>((client, session.unwrap_or_default()))
        })?;
        Ok((client, runtime, driver, session))
    }

    /// The page's size and preferences; these last as long as the window.
    fn prepare(&self, (width, height): (u32, u32), dark: bool) {
        let size =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", size);
        let scheme = if dark { "dark" } else { "light" };
        let features = json!([
            { "name": "prefers-color-scheme", "value": scheme },
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ]);
        self.devtools(
            "Emulation.setEmulatedMedia",
            json!({ "features": features }),
        );
        self.scripts(self.javascript);
    }

    /// May pages run scripts from now on? What the driver itself evaluates always runs.
    #[track_caller]
    fn scripts(&self, run: bool) {
        self.devtools(
            "Emulation.setScriptExecutionDisabled",
            json!({ "value": !run }),
        );
    }

    // Going places ---------------------------------------------------------------------------------------

    #[track_caller]
    pub fn goto(&self, url: &str) {
        self.step("goto", url, self.client().goto(url));
    }

    #[track_caller]
    pub fn url(&self) -> String {
        self.step("url", "", self.client().current_url())
            .to_string()
    }

    #[track_caller]
    pub fn title(&self) -> String {
        self.step("title", "", self.client().title())
    }

    #[track_caller]
    pub fn back(&self) {
        self.step("back", "", self.client().back());
    }

    #[track_caller]
    pub fn reload(&self) {
        self.step("reload", "", self.client().refresh());
    }

    /// The page as it stands, after scripts.
    #[track_caller]
    pub fn source(&self) -> String {
        self.step("source", "", self.client().source())
    }

    // Looking --------------------------------------------------------------------------------------------

    /// The visible text of the first match.
    #[track_caller]
    pub fn text(&self, css: &str) -> String {
        self.on("text", css, async |element| element.text().await)
    }

    #[track_caller]
    pub fn exists(&self, css: &str) -> bool {
        self.count(css) > 0
    }

    #[track_caller]
    pub fn count(&self, css: &str) -> usize {
        self.step("count", css, self.client().find_all(Locator::Css(css)))
            .len()
    }

    /// Is the first match there and shown?
    #[track_caller]
    pub fn visible(&self, css: &str) -> bool {
        let look = async {
            match self.client().find_all(Locator::Css(css)).await?.first() {
                None => Ok(false),
                Some(element) => element.is_displayed().await,
            }
        };
        // An element that goes while it is looked at is not shown.
        match self.runtime.block_on(look) {
            Err(error) if is_gone(&error) => false,
            other => self.step("visible", css, async { other }),
        }
    }

    #[track_caller]
    pub fn attribute(&self, css: &str, name: &str) -> Option<String> {
        self.on("attribute", css, async |element| element.attr(name).await)
    }

    /// What a field holds now.
    #[track_caller]
    pub fn value(&self, css: &str) -> String {
        self.on("value", css, async |element| element.prop("value").await)
            .unwrap_or_default()
    }

    /// Does the element that has the focus match?
    #[track_caller]
    pub fn focused(&self, css: &str) -> bool {
        let found = self.evaluate(
            "return document.activeElement.matches(arguments[0])",
            vec![json!(css)],
        );
        found.as_bool().unwrap_or(false)
    }

    // Doing ----------------------------------------------------------------------------------------------

    /// Clicks what is in the middle of the window then: nothing that stays at its edge lies above.
    #[track_caller]
    pub fn click(&self, css: &str) {
        let middle = "document.querySelector(arguments[0])?.scrollIntoView({block: 'center'})";
        self.evaluate(middle, vec![json!(css)]);
        self.on("click", css, async |element| element.click().await);
    }

    /// Replaces what a field holds. For stories that are not about the keyboard.
    #[track_caller]
    pub fn fill(&self, css: &str, text: &str) {
        self.on("fill", css, async |field| {
            field.clear().await?;
            field.send_keys(text).await
        });
    }

    /// Chooses an option of a `<select>` by its value.
    #[track_caller]
    pub fn choose(&self, css: &str, value: &str) {
        self.on("choose", css, async |element| {
            element.select_by_value(value).await
        });
    }

    /// Puts a file into a file field.
    #[track_caller]
    pub fn attach(&self, css: &str, file: &Path) {
        self.on("attach", css, async |element| {
            element.send_keys(&file.to_string_lossy()).await
        });
    }

    // Waiting --------------------------------------------------------------------------------------------

    /// Until something matches and is shown.
    #[track_caller]
    pub fn wait_for(&self, css: &str) {
        self.until(css, || self.visible(css));
    }

    #[track_caller]
    pub fn wait_gone(&self, css: &str) {
        self.until(css, || !self.visible(css));
    }

    /// Until the path (with query) matches; `*` stands for anything: `/incidents/INC-*`.
    #[track_caller]
    pub fn wait_url(&self, pattern: &str) {
        self.until(pattern, || matches(pattern, path_of(&self.url())));
    }

    /// Until the page says so.
    #[track_caller]
    pub fn until(&self, what: &str, ready: impl Fn() -> bool) {
        let start = Instant::now();
        while !ready() {
            assert!(
                start.elapsed() < PATIENCE,
                "waited in vain for {what} at {}\nconsole: {:#?}\n{}",
                self.url(),
                self.console(),
                self.text("body"),
            );
            std::thread::sleep(LOOK_AGAIN);
        }
    }

    // Inside ---------------------------------------------------------------------------------------------

    /// Runs a script through the driver, which neither needs nor weakens the page's CSP.
    #[track_caller]
    pub fn evaluate(&self, script: &str, arguments: Vec<Value>) -> Value {
        self.step("evaluate", script, self.client().execute(script, arguments))
    }

    fn client(&self) -> &Client {
        self.client
            .as_ref()
            .expect("a browser that has not been closed")
    }

    async fn find(&self, css: &str) -> Result<Element, CmdError> {
        self.client().find(Locator::Css(css)).await
    }

    /// Does something with the first match; looks for it again when the page changed meanwhile.
    #[track_caller]
    fn on<T>(
        &self,
        what: &str,
        css: &str,
        work: impl AsyncFn(Element) -> Result<T, CmdError>,
    ) -> T {
        let start = Instant::now();
        loop {
            match self
                .runtime
                .block_on(async { work(self.find(css).await?).await })
            {
                Err(error) if is_gone(&error) && start.elapsed() < PATIENCE => {}
                other => return self.step(what, css, async { other }),
            }
        }
    }

    #[track_caller]
    fn step<T>(&self, what: &str, on: &str, work: impl Future<Output = Result<T, CmdError>>) -> T {
        match self.runtime.block_on(work) {
            Ok(value) => value,
            Err(error) => {
                let url = self
                    .runtime
                    .block_on(self.client().current_url())
                    .map(String::from)
                    .unwrap_or_default();
                panic!(
                    "{what} {on:?} at {url}: {error}\nconsole: {:#?}",
                    self.console()
                );
            }
        }
    }

    #[track_caller]
    fn devtools(&self, command: &str, parameters: Value) -> Value {
        let body = json!({ "cmd": command, "params": parameters });
        self.driver.post(
            &format!("/session/{}/goog/cdp/execute", self.session),
            &body,
        )
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if let Some(client) = self.client.take() {
            let goodbye =
                async { tokio::time::timeout(Duration::from_secs(5), client.close()).await };
            // The driver is ended in any case, and its browser with it.
            let _ = self.runtime.block_on(goodbye);
        }
    }
}

fn is_gone(error: &CmdError) -> bool {
    error.is_stale_element_reference()
        || error
            .to_string()
            .contains("does not belong to the document")
}

fn path_of(url: &str) -> &str {
    let behind = url.split_once("://").map_or(url, |(_, rest)| rest);
    behind.find('/').map_or("/", |at| &behind[at..])
}

/// `*` is anything, the rest is itself.
fn matches(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((before, rest)) => text.strip_prefix(before).is_some_and(|tail| {
            (0..=tail.len())
                .filter(|at| tail.is_char_boundary(*at))
                .any(|at| matches(rest, &tail[at..]))
        }),
    }
}
