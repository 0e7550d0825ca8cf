//! What holds for every page: it fits, its policy is kept, everybody can use it.

use std::path::Path;

use serde_json::{Value, json};

use super::{Browser, Entry, driver};

/// The rules of WCAG 2.2 A and AA, and what axe recommends beyond them.
const RULES: [&str; 6] = [
    "wcag2a",
    "wcag2aa",
    "wcag21a",
    "wcag21aa",
    "wcag22aa",
    "best-practice",
];

impl Browser {
    /// Does the page fit into the window's width?
    #[track_caller]
    pub fn no_sideways_scroll(&self) -> bool {
        let [needed, there] = ["scrollWidth", "clientWidth"].map(|measure| {
            let script = format!("return document.documentElement.{measure}");
            self.evaluate(&script, vec![]).as_i64().unwrap_or_default()
        });
        needed <= there
    }

    /// The window's inner width in CSS pixels.
    #[track_caller]
    pub fn width(&self) -> i64 {
        self.evaluate("return window.innerWidth", vec![])
            .as_i64()
            .unwrap_or_default()
    }

    #[track_caller]
    pub fn screenshot(&self, file: &Path) {
        let picture = self.step("screenshot", "", self.client().screenshot());
        std::fs::write(file, picture).expect("the picture's file");
    }

    /// From now on the page is as it would be on paper; gives the document a printer would get, in base 64.
    #[track_caller]
    pub fn on_paper(&self) -> String {
        self.devtools("Emulation.setEmulatedMedia", json!({ "media": "print" }));
        let printed = self.devtools("Page.printToPDF", json!({ "preferCSSPageSize": true }));
        let text = printed["data"].as_str();
        text.expect("what was printed").to_owned()
    }

    /// All lines of the console since the browser started.
    pub fn console(&self) -> Vec<Entry> {
        let log = self.driver.post(
            &format!("/session/{}/se/log", self.session),
            &json!({ "type": "browser" }),
        );
        let text = |entry: &Value, key: &str| entry[key].as_str().unwrap_or_default().to_owned();
        self.console
            .borrow_mut()
            .extend(log.as_array().into_iter().flatten().map(|entry| Entry {
                level: text(entry, "level"),
                source: text(entry, "source"),
                message: text(entry, "message"),
            }));
        self.console.borrow().clone()
    }

    /// Fails when any page so far did what its Content-Security-Policy forbids.
    #[track_caller]
    pub fn assert_no_csp_violations(&self) {
        let violations: Vec<_> = self
            .console()
            .into_iter()
            .filter(Entry::is_csp_violation)
            .collect();
        assert!(
            violations.is_empty(),
            "the Content-Security-Policy was violated: {violations:#?}"
        );
    }

    /// What axe-core finds on this page, as `rule: element`. It looks from the top of the page: what lies
    /// half under the bar that stays there when a panel is scrolled to would be too small. Empty and said so where axe-core is not there.
    #[track_caller]
    pub fn axe(&self) -> Vec<String> {
        let Some(axe) = driver::axe_source() else {
            return Vec::new();
        };
        let loaded = self.evaluate("return typeof window.axe", vec![]);
        if loaded != "object" {
            self.evaluate(&format!("{axe}; window.axe = axe;"), vec![]);
        }
        let options =
            json!({ "runOnly": { "type": "tag", "values": RULES }, "resultTypes": ["violations"] });
        let script = "const done = arguments[arguments.length - 1]; \
             scrollTo({ top: 0, behavior: 'instant' }); \
             axe.run(document, arguments[0]).then(found => done(found.violations), error => done(String(error)));";
        // axe waits for promises, which a page without scripts never keeps. The page was made without them
        // all the same, and its own are not started by this.
        self.scripts(true);
        let found = self.step(
            "axe",
            "",
            self.client().execute_async(script, vec![options]),
        );
        self.scripts(self.javascript);
        let Value::Array(violations) = found else {
            panic!("axe-core failed at {}: {found}", self.url())
        };
        let nodes = |rule: &Value| {
            let name = rule["id"].as_str().unwrap_or_default().to_owned();
            let nodes = rule["nodes"].as_array().cloned().unwrap_or_default();
            nodes
                .into_iter()
                .map(move |node| format!("{name}: {}", targets(&node["target"])))
        };
        violations.iter().flat_map(nodes).collect()
    }

    /// Fails with the list of what axe-core finds.
    #[track_caller]
    pub fn assert_accessible(&self) {
        let found = self.axe();
        assert!(
            found.is_empty(),
            "not accessible at {}: {found:#?}",
            self.url()
        );
    }
}

impl Entry {
    pub fn is_csp_violation(&self) -> bool {
        self.message.contains("Content Security Policy")
            || self.message.contains("Content-Security-Policy")
            || self.message.contains("requires 'TrustedHTML'")
            || self.message.contains("requires 'TrustedScript")
    }
}

fn targets(target: &Value) -> String {
    let parts = target
        .as_array()
        .into_iter()
        .flatten()
        .map(|part| match part {
            Value::String(css) => css.clone(),
            other => other.to_string(),
        });
    parts.collect::<Vec<_>>().join(" ")
}
