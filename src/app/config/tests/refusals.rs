//! What is refused, and how it is said.

use super::*;

/// File, environment, and what the refusal must say.
type Case = (
    &'static str,
    &'static [(&'static str, &'static str)],
    &'static [&'static str],
);

#[test]
fn a_refusal_is_one_line_with_key_value_what_is_accepted_and_source() {
    let cases: &[Case] = &[
        (
            "listn = \"x\"",
            &[],
            &["listn", "andon.toml", "not a setting", "listen"],
        ),
        (
            "[listen]\nport = 1",
            &[],
            &["listen =", "andon.toml", "in quotes"],
        ),
        ("\nlisten = ", &[], &["andon.toml, line 2"]),
        (
            "workers = \"4\"",
            &[],
            &["workers", "\"4\"", "whole number", "without quotes"],
        ),
        (
            "diagnostics = \"true\"",
            &[],
            &["diagnostics", "true or false", "without quotes"],
        ),
        (
            "trusted_proxies = [1]",
            &[],
            &["trusted_proxies", "[1]", "in brackets"],
        ),
        (
            "trusted_proxies = [\"10.0.0.0/33\"]",
            &[],
            &["10.0.0.0/33", "10.1.0.0/16", "andon.toml"],
        ),
        (
            "",
            &[("ANDON_LISTEN", "8080")],
            &["listen = 8080", "127.0.0.1:8080", "ANDON_LISTEN"],
        ),
        ("", &[("ANDON_LISTEN", "")], &["listen", "ANDON_LISTEN"]),
        (
            "",
            &[("ANDON_LISTEN_ADDR", "x")],
            &["ANDON_LISTEN_ADDR", "environment", "ANDON_DATABASE"],
        ),
        (
            "",
            &[("ANDON_listen", "x")],
            &["ANDON_listen", "not a setting"],
        ),
        (
            "",
            &[("ANDON_LOG_LEVEL", "loud\nand more")],
            &["log_level = loud and more", "trace"],
        ),
        (
            "",
            &[("ANDON_LOG_FORMAT", "xml")],
            &["log_format = xml", "text or json"],
        ),
        (
            "",
            &[("ANDON_INSECURE_HTTP", "yes")],
            &["insecure_http = yes", "true or false"],
        ),
        ("", &[("ANDON_WORKERS", "0")], &["workers = 0", "1 to 512"]),
        (
            "",
            &[("ANDON_SESSION_IDLE_MINUTES", "1.5")],
            &["session_idle_minutes = 1.5"],
        ),
        (
            "",
            &[("ANDON_SESSION_ABSOLUTE_HOURS", "9999")],
            &["session_absolute_hours", "744"],
        ),
        (
            "",
            &[
                ("ANDON_SESSION_IDLE_MINUTES", "90"),
                ("ANDON_SESSION_ABSOLUTE_HOURS", "1"),
            ],
            &["idle", "absolute"],
        ),
        (
            "",
            &[("ANDON_ATTACHMENTS_PATH", " ")],
            &["attachments_path", "folder"],
        ),
        (
            "",
            &[("ANDON_DATABASE", "mysql://root:hunter2@db/x")],
            &["mysql://root:…@db/x", "sqlite:PATH"],
        ),
        (
            "",
            &[("ANDON_DATABASE", "andon:hunter2@db/x?password=hunter2")],
            &["database", "sqlite:PATH"],
        ),
        ("database = 'hunter2", &[], &["andon.toml, line 1"]),
        (
            "",
            &[("ANDON_PUBLIC_URL", "desk.example.org")],
            &["public_url = desk.example.org", "https://"],
        ),
        (
            "",
            &[("ANDON_PUBLIC_URL", "https://desk.example.org/andon")],
            &["nothing behind it"],
        ),
        (
            "",
            &[("ANDON_PUBLIC_URL", "https://u@desk.example.org")],
            &["public_url"],
        ),
        (
            "",
            &[("ANDON_PUBLIC_URL", "https://desk:0")],
            &["public_url"],
        ),
        (
            "",
            &[("ANDON_PUBLIC_URL", "https://300.1.2.3")],
            &["public_url"],
        ),
        ("", &[("ANDON_PUBLIC_URL", "https://")], &["public_url"]),
        ("", &[("ANDON_PUBLIC_URL", "ftp://desk")], &["public_url"]),
    ];
    for (file, env, words) in cases {
        let refused = build(file, env, Flags::default()).expect_err(file);
        assert!(
            !refused.contains('\n') && !refused.contains("hunter2"),
            "{refused}"
        );
        for word in *words {
            assert!(refused.contains(word), "{word:?} is missing in: {refused}");
        }
    }
    let refused = build("", &[], listen_flag("nowhere")).unwrap_err();
    assert!(
        refused.contains("--listen") && refused.contains("nowhere"),
        "{refused}"
    );
}
