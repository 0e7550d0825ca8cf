//! Stories in a real browser: what hands and eyes do.

mod calls;
mod contacts;
mod everywhere;
mod families;
mod handoff;
mod keyboard;
mod kind;
mod majors;
mod plain;
mod printed;
mod problems;
mod requester;
mod tasks;

use crate::app::{App, Human};
use crate::browser::Browser;

const PASSWORD: &str = "quiet otters paint 7 fences";

/// Signs in as a person would, and stands on the queue (or the home page of somebody without one).
pub(crate) fn sign_in(browser: &Browser, app: &App, person: &Human) {
    app.set_password(person, PASSWORD);
    browser.goto(&format!("{}/login", app.address));
    browser.fill("#mail", &person.mail);
    browser.fill("#password", PASSWORD);
    browser.click("#login button");
    browser.wait_gone("#login");
}

/// Presses Tab until something has the focus.
#[track_caller]
fn tab_to(browser: &Browser, css: &str) {
    for _ in 0..120 {
        if browser.focused(css) {
            return;
        }
        browser.press("Tab");
    }
    panic!("Tab never comes to {css} at {}", browser.url());
}
