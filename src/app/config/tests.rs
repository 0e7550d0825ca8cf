mod refusals;

use super::layers::{SETTINGS, variable};
use super::*;

fn build(file: &str, env: &[(&str, &str)], flags: Flags) -> Result<Config, String> {
    let env = env
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Config::build((!file.is_empty()).then_some(file), env, flags)
}

fn from_env(env: &[(&str, &str)]) -> Result<Config, String> {
    build("", env, Flags::default())
}

fn listen_flag(address: &str) -> Flags {
    let serve = ServeFlags {
        listen: Some(address.into()),
        ..ServeFlags::default()
    };
    Flags {
        serve,
        ..Flags::default()
    }
}

#[test]
fn without_anything_it_is_a_desk_on_this_machine() {
    let config = from_env(&[]).unwrap();
    assert_eq!(config.database.to_string(), "sqlite:andon.db");
    assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(config.public_url.to_string(), "http://127.0.0.1:8080");
    for spelling in [
        "http://127.0.0.1:8080",
        "http://localhost:8080",
        "http://[::1]:8080",
    ] {
        assert!(config.public_url.origins().contains(spelling));
    }
    assert_eq!(config.attachments_path, Path::new("andon-attachments"));
    assert_eq!(
        (config.log_format, config.log_level),
        (LogFormat::Text, LogLevel::Info)
    );
    assert_eq!(
        (config.session_idle_minutes, config.session_absolute_hours),
        (60, 24)
    );
    assert!(config.workers >= 1 && config.trusted_proxies.is_empty() && config.warnings.is_empty());
    assert!(!config.insecure_http && !config.diagnostics && !config.public_url.is_https());
}

#[test]
fn flags_win_over_environment_over_file() {
    let file = "listen = \"127.0.0.1:1\"\nlog_level = \"warn\"\nworkers = 3\n";
    let config = build(
        file,
        &[("ANDON_LISTEN", "127.0.0.1:2"), ("ANDON_WORKERS", "4")],
        listen_flag("127.0.0.1:3"),
    )
    .unwrap();
    assert_eq!(config.listen.port(), 3);
    assert_eq!(config.workers, 4);
    assert_eq!(config.log_level, LogLevel::Warn);
}

#[test]
fn every_setting_is_read_from_the_file_and_from_the_environment() {
    let file = r#"
        database = "postgres://andon:secret@db/andon"
        listen = "0.0.0.0:80"
        public_url = "https://Desk.example.org/"
        trusted_proxies = ["10.0.0.7", "2001:db8::/32"]
        insecure_http = true
        attachments_path = "/srv/andon"
        log_format = "json"
        log_level = "debug"
        workers = 7
        session_idle_minutes = 15
        session_absolute_hours = 8
        diagnostics = true
    "#;
    let env = [
        ("ANDON_DATABASE", "postgres://andon:secret@db/andon"),
        ("ANDON_LISTEN", "0.0.0.0:80"),
        ("ANDON_PUBLIC_URL", "https://desk.example.org"),
        ("ANDON_TRUSTED_PROXIES", "10.0.0.7, 2001:db8::/32"),
        ("ANDON_INSECURE_HTTP", "1"),
        ("ANDON_ATTACHMENTS_PATH", "/srv/andon"),
        ("ANDON_LOG_FORMAT", "json"),
        ("ANDON_LOG_LEVEL", "debug"),
        ("ANDON_WORKERS", "7"),
        ("ANDON_SESSION_IDLE_MINUTES", "15"),
        ("ANDON_SESSION_ABSOLUTE_HOURS", "8"),
        ("ANDON_DIAGNOSTICS", "true"),
    ];
    assert_eq!(
        env.len(),
        SETTINGS.len(),
        "a new setting belongs into this test"
    );
    for config in [
        build(file, &[], Flags::default()).unwrap(),
        from_env(&env).unwrap(),
    ] {
        assert_eq!(config.database.to_string(), "postgres://andon:…@db/andon");
        assert_eq!(config.listen.to_string(), "0.0.0.0:80");
        assert_eq!(config.public_url.to_string(), "https://desk.example.org");
        assert_eq!(config.trusted_proxies.len(), 2);
        assert_eq!(config.attachments_path, Path::new("/srv/andon"));
        assert_eq!(
            (config.log_format, config.log_level),
            (LogFormat::Json, LogLevel::Debug)
        );
        assert_eq!(
            (
                config.workers,
                config.session_idle_minutes,
                config.session_absolute_hours
            ),
            (7, 15, 8)
        );
        assert!(config.insecure_http && config.diagnostics && config.public_url.is_https());
        assert!(!format!("{config:?}").contains("secret"));
    }
}

#[test]
fn a_named_file_is_named_in_the_refusal() {
    let flags = Flags {
        config: Some("desk.toml".into()),
        ..Flags::default()
    };
    assert!(
        build("a = 1", &[("ANDON_CONFIG", "env.toml")], flags)
            .unwrap_err()
            .contains("desk.toml")
    );
    assert!(
        build("a = 1", &[("ANDON_CONFIG", "env.toml")], Flags::default())
            .unwrap_err()
            .contains("env.toml")
    );
}

#[test]
fn variables_of_the_tests_and_of_others_are_not_ours() {
    let env = [
        ("ANDON_REQUIRE_ALL", "1"),
        ("ANDON_TEST_POSTGRES", "x"),
        ("ANDON_CONFIG", "x"),
        ("PATH", "/bin"),
    ];
    assert!(from_env(&env).is_ok());
}

#[test]
fn plain_http_stays_on_this_machine_unless_asked_for() {
    for env in [
        &[("ANDON_LISTEN", "0.0.0.0:8080")][..],
        &[("ANDON_LISTEN", "192.0.2.7:8080")],
        &[("ANDON_PUBLIC_URL", "http://desk.example.org")],
        &[
            ("ANDON_LISTEN", "[::]:80"),
            ("ANDON_PUBLIC_URL", "http://localhost"),
        ],
    ] {
        let refused = from_env(env).unwrap_err();
        assert!(
            refused.contains("--insecure-http") && refused.contains("public_url"),
            "{refused}"
        );
        let asked: Vec<_> = env
            .iter()
            .copied()
            .chain([("ANDON_INSECURE_HTTP", "true")])
            .collect();
        assert!(from_env(&asked).is_ok());
    }
    assert!(
        from_env(&[
            ("ANDON_LISTEN", "0.0.0.0:80"),
            ("ANDON_PUBLIC_URL", "https://desk.example.org")
        ])
        .is_ok()
    );
    let open = from_env(&[
        ("ANDON_LISTEN", "0.0.0.0:8080"),
        ("ANDON_INSECURE_HTTP", "true"),
    ])
    .unwrap();
    assert_eq!(open.public_url.to_string(), "http://localhost:8080");
    assert!(open.warnings[0].contains("public_url is not set"));
}

#[test]
fn a_port_that_the_system_chooses_is_accepted() {
    for listen in ["127.0.0.1:0", "[::1]:0"] {
        assert_eq!(
            from_env(&[("ANDON_LISTEN", listen)]).unwrap().listen.port(),
            0
        );
    }
    assert_eq!(
        from_env(&[("ANDON_LISTEN", "[::1]:81")])
            .unwrap()
            .public_url
            .to_string(),
        "http://[::1]:81"
    );
}

#[test]
fn attachments_stay_beside_their_database() {
    for (database, folder) in [
        (
            "sqlite:/var/lib/andon/desk.db",
            "/var/lib/andon/desk-attachments",
        ),
        ("sqlite:desk", "desk-attachments"),
        ("postgres://db/andon", "attachments"),
    ] {
        assert_eq!(
            from_env(&[("ANDON_DATABASE", database)])
                .unwrap()
                .attachments_path,
            Path::new(folder)
        );
    }
}

#[test]
fn the_page_for_administrators_names_every_setting() {
    let page = include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/docs/configuration.md"
    ));
    for setting in SETTINGS {
        assert!(
            page.contains(&format!("`{}`", setting.key)),
            "{}",
            setting.key
        );
        assert!(
            page.contains(&variable(setting.key)),
            "{}",
            variable(setting.key)
        );
    }
}
