# What people do daily. Needs Rust, Python 3 and GNU make 4; `make demo` does with Docker in place of Rust.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# .venv may hold all sets; each target asks for what it needs.
TEST_VENV := scripts/setup-venv tests/requirements.txt
LINT_VENV := scripts/setup-venv tests/requirements.txt tests/lint-requirements.txt
BIN := .venv/bin

WORKFLOWS := .github/workflows/*.yml examples/workflows/*.yml
ACTIONS := action.yml setup/action.yml

# Most tests wait for other processes, so that more of them run at once than there are processors.
THREADS := $(shell echo $$((3 * $$(nproc))))

.PHONY: help
help: ## List these targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 24

.PHONY: demo
demo: ## Show on a local S3 how a person pushes config and how a workflow pulls it
	@$(TEST_VENV)
	@scripts/demo-binaries
	@$(BIN)/python scripts/demo.py

.PHONY: test
test: test-setup ## Run all tests; T=name runs those whose names hold it
	RUST_TEST_THREADS=$${RUST_TEST_THREADS:-$(THREADS)} cargo test --locked $(T)
	@scripts/test-as-root $(T)
	@scripts/test-with-seaweedfs $(T)
	@scripts/test-with-terraform $(T)
	@scripts/test-in-docker $(T)

.PHONY: test-as-root
test-as-root: ## Run only the tests that only root can run; T=name as for test
	@scripts/test-as-root $(T)

.PHONY: test-with-seaweedfs
test-with-seaweedfs: test-setup ## Run only the tests against a real S3 server; T=name as for test
	@scripts/test-with-seaweedfs $(T)

.PHONY: test-with-terraform
test-with-terraform: test-setup ## Run only the tests that need terraform; T=name as for test
	@scripts/test-with-terraform $(T)

.PHONY: test-in-docker
test-in-docker: ## Run only the tests of the image and of the example workflows; T=name as for test
	@scripts/test-in-docker $(T)

.PHONY: test-setup
test-setup: ## Set up what the tests need in .venv, pinned; `cargo test` works after it
	@$(TEST_VENV) tests/seaweedfs-requirements.txt tests/cloudformation-requirements.txt

.PHONY: simulation
simulation: ## Run N schedules of the simulation, 100,000 by default
	CSTORE_SIMULATION_SCHEDULES=$(or $(N),100000) cargo test --locked --test simulation -- --nocapture

.PHONY: mutants
mutants: ## Break the protocol one way at a time, and see the simulation notice
	python3 scripts/mutants.py

.PHONY: fuzz
fuzz: ## Search for input that breaks a parser, N seconds for each, 60 by default; needs cargo-fuzz and a C++ compiler
	@for target in $$(cargo fuzz list); do \
		mkdir -p "fuzz/target/found/$$target"; \
		(set -x; cargo fuzz run --sanitizer none "$$target" "fuzz/target/found/$$target" "fuzz/corpus/$$target" -- \
			-max_total_time=$(or $(N),60) -max_len=4096 -timeout=5 -rss_limit_mb=256 -verbosity=0 -print_final_stats=1); \
	done

.PHONY: tables
tables: test-setup ## Write anew what is made of tables and of what commands print: action.yml, setup/action.yml, docs
	CSTORE_WRITE_TABLES=1 cargo test --locked --test docs generated
	CSTORE_WRITE_TABLES=1 cargo test --locked --test cli json::the_examples
	CSTORE_WRITE_TABLES=1 cargo test --locked --test infrastructure documents::the_tables
	python3 scripts/write_setup_action.py

.PHONY: pictures
pictures: test-setup ## Make the pictures of README.md anew, from what the programs show
	cargo build --locked --bins
	PYTHONPATH=scripts $(BIN)/python scripts/pictures

.PHONY: site
site: ## Make the site of the documentation in target/site; links and menus are checked
	@NO_MKDOCS_2_WARNING=1 scripts/build-site

.PHONY: reliability
reliability: test-setup ## Make the tables of docs/reliability.md anew: all tests, and what they leave
	rm -rf target/tmp/reliability
	$(MAKE) mutants
	CSTORE_WALK_ALL=1 CSTORE_NIGHTLY=1 cargo test --locked
	CSTORE_REQUIRE_ROOT=1 scripts/test-as-root
	CSTORE_REQUIRE_TERRAFORM=1 scripts/test-with-terraform
	python3 scripts/reliability.py

.PHONY: bench
bench: ## Measure speed beside other tools, a quarter of an hour of a quiet machine; BENCH=cli only the command line's
	@VENV=bench/.venv scripts/setup-venv bench/requirements.txt
	cargo build --release --locked --manifest-path bench/Cargo.toml --target-dir target/bench
	built=$$(scripts/build-static) && read -r _ action cstore <<<"$$built" && \
		CSTORE_ACTION=$$(realpath "$$action") CSTORE=$$(realpath "$$cstore") bench/.venv/bin/python bench/run.py $(BENCH)

.PHONY: bench-values
bench-values: ## Measure what is done to 10, 1,000 and 10,000 values
	cargo bench --locked --bench values

.PHONY: lint
lint: ## Check format and lints of Rust, Python, shell, Terraform, Dockerfile, workflows and actions
	@$(LINT_VENV)
	cargo fmt --check
	cargo clippy --locked --all-targets -- --deny warnings
	cargo fmt --check --manifest-path bench/Cargo.toml
	cargo fmt --check --manifest-path fuzz/Cargo.toml
	cargo clippy --locked --all-targets --manifest-path bench/Cargo.toml --target-dir target/bench -- --deny warnings
	python3 scripts/check_cycles.py
	python3 scripts/check_prose.py
	python3 scripts/check_terraform.py
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/shellcheck $$(grep -rlE '^#!.*bash' .ci bench/*.sh scripts setup) bench/aws_and_shell.sh
	$(BIN)/hadolint Dockerfile
	@if command -v terraform >/dev/null; then (set -x; terraform fmt -check -recursive infrastructure); \
	else echo "NOT RUN: terraform fmt: terraform is not installed"; [ "$${CSTORE_REQUIRE_TERRAFORM:-}" != 1 ]; fi
	$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows $(WORKFLOWS)
	@rm -rf target/pages
	PYTHONPATH=scripts $(BIN)/python tests/cli/pages --extract target/pages README.md docs/*.md docs/how-to/*.md
	$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows target/pages/*.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.dependabot .github/dependabot.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.github-issue-forms .github/ISSUE_TEMPLATE/bug.yml .github/ISSUE_TEMPLATE/feature.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.github-issue-config .github/ISSUE_TEMPLATE/config.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.github-actions $(ACTIONS)
	@scripts/validate-actions $(WORKFLOWS) $(ACTIONS) target/pages/*.yml
	$(BIN)/zizmor --offline --quiet --persona auditor .
	$(BIN)/zizmor --offline --quiet --persona auditor --config examples/zizmor.yml examples/workflows/*.yml

.PHONY: checkov
checkov: ## Check the Terraform with checkov, which takes 300 MB in .venv-checkov
	@VENV=.venv-checkov scripts/setup-venv tests/checkov-requirements.txt
	.venv-checkov/bin/checkov --config-file infrastructure/s3/.checkov.yaml

.PHONY: format
format: ## Format Rust and Python
	@$(LINT_VENV)
	cargo fmt
	$(BIN)/ruff format --quiet .

.PHONY: build
build: ## Build the release binaries: target/release/cstore-action and target/release/cstore
	cargo build --release --locked --bins

.PHONY: image
image: ## Build the images of the action and of the command line, cstore-action:latest and cstore:latest, and hold them to their limits
	@scripts/build-image cstore-action:latest
	@scripts/check-image cstore-action:latest
	@scripts/build-image cstore:latest cstore
	@scripts/check-image cstore:latest 5500000

.PHONY: image-start
image-start: image ## Measure how much longer the image takes to start than its bare binary
	@python3 scripts/image_start.py cstore-action:latest

.PHONY: release-dry-run
release-dry-run: ## Walk through a release on this machine, without leaving it
	@scripts/release/dry-run

.PHONY: clean
clean: ## Remove all that was built and set up
	cargo clean
	rm -rf .venv .venv-checkov .venv-site bench/.venv
