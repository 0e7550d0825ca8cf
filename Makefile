# The few commands. `make help` lists them; tests/rig holds what they need beyond Rust.

# A first start waits least for the dev profile: its dependencies are optimised, our own code is not, and
# `make test` uses the same build. PROFILE=release for the fast one.
PROFILE ?= dev
ANDON := cargo run --quiet --profile $(PROFILE) --

.PHONY: help run test prove bench lint

help:
	@echo "make run     build, fill an empty database with sample data, serve on http://127.0.0.1:8080"
	@echo "             (PROFILE=release builds longer and runs faster; settings: docs/configuration.md)"
	@echo "make test    set up what the tests need (asks before sudo) and run all of them"
	@echo "make lint    formatting and clippy, warnings denied"
	@echo "make prove   clocks against a slow oracle, 100,000 random histories"
	@echo "make bench   speed, as in docs/benchmarks.md"

# Each step may be repeated: migrations run once, sample data goes into an empty database only.
run:
	@tests/rig/rust
	@cargo build --profile $(PROFILE)
	@$(ANDON) migrate
	@$(ANDON) demo --if-empty
	@exec $(ANDON) serve

test:
	@tests/rig/rust
	@tests/rig/setup
	@tests/rig/with-postgres cargo test

lint:
	@tests/rig/rust
	cargo fmt --check
	cargo clippy --all-targets -- -D warnings

prove:
	@tests/rig/rust
	ANDON_PROVE_CASES=100000 cargo test --release --lib -- --nocapture service_levels::clock::prove

bench:
	@tests/rig/rust
	@tests/rig/with-postgres cargo bench --bench desk
	cargo bench --bench enablement
