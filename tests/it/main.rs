//! Stories, told to the whole product over HTTP and in a real browser.

mod browser;
mod jobs;
mod journal;
