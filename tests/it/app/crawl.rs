//! Every page somebody can reach, by following links as they would.

use std::collections::{BTreeSet, VecDeque};

use super::client::{Client, Page};

/// How many pages of one shape (a path without its query) are enough.
const OF_ONE_SHAPE: usize = 8;

/// The pages reached from some paths by links, with whatever answered instead of a page.
pub fn crawl(client: &Client, starts: &[&str], most: usize) -> Vec<Page> {
    crawl_within(client, starts, most, "/")
}

/// [`crawl`] that follows only links to what is under a path.
pub fn crawl_within(client: &Client, starts: &[&str], most: usize, within: &str) -> Vec<Page> {
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut shapes = std::collections::BTreeMap::<String, usize>::new();
    let mut waiting: VecDeque<String> = starts.iter().map(|s| (*s).to_owned()).collect();
    let mut pages = Vec::new();
    while let Some(path) = waiting.pop_front() {
        let path = path.split('#').next().unwrap_or_default().to_owned();
        let shape = path.split('?').next().unwrap_or_default().to_owned();
        let of_shape = shapes.entry(shape).or_default();
        if path.is_empty() || *of_shape >= OF_ONE_SHAPE || !seen.insert(path.clone()) {
            continue;
        }
        *of_shape += 1;
        let page = client.get(&path);
        assert!(
            page.status < 500,
            "GET {path}: {} {}",
            page.status,
            page.text()
        );
        if let Some(to) = page.header("location") {
            waiting.push_back(to.to_owned());
        }
        let is_html = page
            .header("content-type")
            .is_some_and(|t| t.starts_with("text/html"));
        if is_html {
            for link in page.doc().links() {
                if link.starts_with(within) && !link.starts_with("/static/") {
                    waiting.push_back(link);
                } else if link.starts_with('?') {
                    waiting.push_back(format!(
                        "{}{link}",
                        path.split('?').next().unwrap_or_default()
                    ));
                }
            }
        }
        pages.push(page);
        assert!(
            pages.len() < most,
            "more than {most} pages: something goes round"
        );
    }
    pages
}
