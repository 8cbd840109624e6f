# The everyday commands. `just` without a name lists them.

# Where the real servers are, and the lab if it is up; what is missing is skipped.
variables := 'eval "$(.ci/servers --print)"; unset PGPOD_REQUIRE'

[private]
default:
    @just --list --unsorted

# Run the tests, with every real server that is installed; `just test NAME` runs those with NAME in their name
test *ARGS:
    {{variables}}; cargo test {{ARGS}}

# Do all that CI does
ci:
    .ci/run

# Write what the case folders give now as what they are expected to give
bless CASE='':
    CASE='{{CASE}}' BLESS=1 cargo test --quiet every_case
    git status --short tests/cases

# Deny what CI denies
lint:
    cargo clippy --all-targets -- -D warnings
    cargo clippy --manifest-path fuzz/Cargo.toml --target-dir target -- -D warnings
    git ls-files -z -- .ci templates/scripts 'tests/*.sh' | xargs -0 shellcheck

# Format the code
fmt:
    cargo fmt

# Build the documentation of the code
doc:
    RUSTDOCFLAGS='-D warnings' cargo doc --no-deps --document-private-items

# Install the real servers that tests run against
servers:
    .ci/servers

# Start the lab, a whole Kubernetes on this machine
lab:
    ../shared/lab/lab install
    ../shared/lab/lab up

# Run a release in the lab through everything that happens to it
e2e *ARGS: servers lab
    {{variables}}; PGPOD_REQUIRE=cluster cargo test e2e:: {{ARGS}}

# Do to several servers all that happens to servers, in the lab and without: an hour on a busy machine, and tables
ha-campaign *ARGS: servers lab
    {{variables}}; PGPOD_REQUIRE=cluster cargo test ::campaign:: {{ARGS}} -- --ignored --nocapture --test-threads=1

# Apply changes in the lab, one by one, and see that what diff says of each is what happens: too long for every run, and a table
consequences *ARGS: servers lab
    {{variables}}; PGPOD_REQUIRE=cluster cargo test e2e::consequences:: {{ARGS}} -- --ignored --nocapture

# Throw mutated input at every reader, five minutes each, with a hang of a second or 256 MB as an end (needs `cargo install cargo-fuzz`); `just fuzz yaml 60`: one, for 60 s
fuzz TARGET='' SECONDS='300':
    #!/usr/bin/env bash
    set -euo pipefail
    target={{TARGET}}
    for target in ${target:-$(cargo fuzz list)}; do
      mkdir -p "fuzz/corpus/$target"
      # Nothing here is unsafe: a sanitizer of addresses would find nothing, and wants another compiler and more memory.
      cargo fuzz run --sanitizer none "$target" "fuzz/corpus/$target" tests/cases examples presets templates/sql -- \
        -dict=fuzz/words.dict -max_total_time={{SECONDS}} -timeout=1 -rss_limit_mb=256 -max_len=16384 -verbosity=0 -print_final_stats=1
    done

# Measure; the results belong in BENCHMARKS.md
bench: release
    cargo bench --bench render
    benches/cli
    benches/validate

# Measure a real server with the settings that are rendered for it: `memory` or `speed`; the results belong in BENCHMARKS.md
bench-server WHAT: release servers
    benches/server {{WHAT}}

# Break a copy of the code in every way of tests/breakages/list.tsv, and see the tests turn red
breakages *WORDS:
    {{servers}}; tests/breakages/run {{WORDS}}

# At a fixed place in memory, as Go's programs are: moving it elsewhere at each start takes a tenth of a render's time.
# Build the static binary: target/release/pgpod runs on any Linux of this machine's architecture
release:
    cargo rustc --release --bin pgpod -- -C target-feature=+crt-static -C relocation-model=static
