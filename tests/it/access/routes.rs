//! Every route, taken from the router itself.
//!
//! actix shows its map of resources when asked for its debug text; which methods a resource answers
//! is found by asking it. Nothing is listed by hand, so nothing can be forgotten.

use actix_web::http::{Method, StatusCode};
use actix_web::test as asked;
use actix_web::{App, HttpRequest, HttpResponse, web};

/// A method and the pattern of a path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Route {
    pub pattern: String,
    pub method: String,
}

/// What answers where no route does.
const NOBODY: StatusCode = StatusCode::IM_A_TEAPOT;

async fn nobody(req: HttpRequest) -> HttpResponse {
    HttpResponse::build(NOBODY).body(format!("{:?}", req.resource_map()))
}

/// The routes of the product, sorted.
pub fn routes() -> Vec<Route> {
    actix_web::rt::System::new().block_on(async {
        let app = asked::init_service(
            App::new()
                .configure(andon::app::routes::all)
                .default_service(web::to(nobody)),
        )
        .await;
        let nowhere = asked::TestRequest::get().uri("/no/such/page/at/all");
        let map = asked::call_and_read_body(&app, nowhere.to_request()).await;
        let mut found = Vec::new();
        for pattern in patterns(std::str::from_utf8(&map).unwrap()) {
            let path = sample(&pattern, |name, expression| match name {
                "kind" => expression.split('|').next().unwrap_or(name).to_owned(),
                _ => "1".to_owned(),
            });
            for method in [
                Method::GET,
                Method::POST,
                Method::PUT,
                Method::PATCH,
                Method::DELETE,
            ] {
                let request = asked::TestRequest::default()
                    .method(method.clone())
                    .uri(&path)
                    .to_request();
                // Without its site every handler fails; what matters is that there is one, and that
                // it is this one and not a pattern that fits the path as well.
                let answer = asked::call_service(&app, request).await;
                let answered =
                    answer.status() != NOBODY && answer.status() != StatusCode::METHOD_NOT_ALLOWED;
                if answered && answer.request().match_pattern().as_deref() == Some(&pattern) {
                    found.push(Route {
                        pattern: pattern.clone(),
                        method: method.to_string(),
                    });
                }
            }
        }
        found.sort();
        found.dedup();
        found
    })
}

/// The patterns in the debug text of a resource map, those of scopes put before those inside.
fn patterns(map: &str) -> Vec<String> {
    let mut found = Vec::new();
    // The prefix of each open brace.
    let mut prefixes: Vec<String> = Vec::new();
    let mut rest = map;
    let mut pending: Option<String> = None;
    while let Some(letter) = rest.chars().next() {
        if rest.starts_with("ResourceMap {") {
            prefixes.push(prefixes.last().cloned().unwrap_or_default());
            rest = &rest["ResourceMap {".len()..];
            continue;
        }
        match letter {
            '"' => {
                let (text, behind) = quoted(rest);
                if let Some(own) = pending.take() {
                    assert_eq!(
                        own, "single",
                        "a list of patterns: teach this test to read it"
                    );
                    let full = format!("{}{text}", prefixes.last().cloned().unwrap_or_default());
                    let flags = behind.trim_start_matches(')').trim_start_matches(", ");
                    if flags.starts_with("is_prefix: true") {
                        // It counts for the map around this definition.
                        let around = prefixes.len() - 2;
                        prefixes[around] = full;
                    } else {
                        found.push(full);
                    }
                }
                rest = behind;
                continue;
            }
            '{' => prefixes.push(prefixes.last().cloned().unwrap_or_default()),
            '}' => drop(prefixes.pop()),
            _ if rest.starts_with("patterns: Single(") => {
                pending = Some("single".into());
                rest = &rest["patterns: Single(".len()..];
                continue;
            }
            _ if rest.starts_with("patterns: List(") => pending = Some("list".into()),
            _ => {}
        }
        rest = &rest[letter.len_utf8()..];
    }
    found.retain(|pattern| !pattern.is_empty());
    found
}

/// A quoted text of debug output, and what follows it.
fn quoted(text: &str) -> (String, &str) {
    let mut out = String::new();
    let mut letters = text.char_indices().skip(1);
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' => out.extend(letters.next().map(|(_, l)| l)),
            '"' => return (out, &text[at + 1..]),
            letter => out.push(letter),
        }
    }
    (out, "")
}

/// A path of this pattern; `value` is asked for each part by its name and its expression.
pub fn sample(pattern: &str, value: impl Fn(&str, &str) -> String) -> String {
    let mut out = String::new();
    let mut rest = pattern;
    while let Some((before, behind)) = rest.split_once('{') {
        out.push_str(before);
        let mut depth = 1;
        let end = behind
            .char_indices()
            .find(|(_, l)| {
                depth += match l {
                    '{' => 1,
                    '}' => -1,
                    _ => 0,
                };
                depth == 0
            })
            .map(|(at, _)| at)
            .expect("a closing brace");
        let inside = &behind[..end];
        let (name, expression) = inside.split_once(':').unwrap_or((inside, ""));
        out.push_str(&value(name, expression));
        rest = &behind[end + 1..];
    }
    out + rest
}

#[test]
fn the_router_tells_its_routes() {
    let found = routes();
    let has = |method: &str, pattern: &str| {
        found
            .iter()
            .any(|r| r.method == method && r.pattern == pattern)
    };
    assert!(has("GET", "/healthz"), "{found:#?}");
    assert!(!has("POST", "/healthz"));
    assert!(has("GET", "/static/{hash}/{name}"));
}
