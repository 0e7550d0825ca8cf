# What the scripts of this folder share. Source it; it runs nothing.

say() { printf '%s\n' "$*" >&2; }

# Said so that nobody overlooks it among the lines of a build.
loudly() {
    say ""
    say "  ************************************************************"
    for line in "$@"; do say "  * $line"; done
    say "  ************************************************************"
    say ""
}

require_all() { [ "${ANDON_REQUIRE_ALL:-}" = 1 ]; }

is_root() { [ "$(id -u)" = 0 ]; }

first_command() {
    for name in "$@"; do
        if [ -n "$name" ] && command -v "$name" >/dev/null 2>&1; then
            command -v "$name"
            return
        fi
    done
    return 1
}

# The folder of PostgreSQL's server programs, the newest where there are several.
postgres_bin() {
    for folder in $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -Vr) /usr/pgsql-*/bin; do
        if [ -x "$folder/initdb" ] && [ -x "$folder/postgres" ]; then
            printf '%s\n' "$folder"
            return
        fi
    done
    local initdb
    initdb=$(first_command initdb) && first_command pg_ctl >/dev/null && dirname "$initdb"
}

# The browser tests look in the same places (tests/it/browser/driver.rs).
find_chromium() { first_command "${CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable; }
find_chromedriver() { first_command "${CHROMEDRIVER:-}" chromedriver chromium.chromedriver /usr/lib/chromium/chromedriver; }
