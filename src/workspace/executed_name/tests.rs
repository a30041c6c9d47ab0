use std::collections::HashSet;

use super::*;

fn is_refused(path: &str) -> bool {
    refusal(&ConfigPath::new(path).unwrap()).is_some()
}

#[test]
fn what_tools_run_is_refused_in_any_folder_and_any_case() {
    for path in [
        "Makefile",
        "makefile",
        "service/MAKEFILE",
        "GNUmakefile",
        "rules.mk",
        ".npmrc",
        "web/.npmrc",
        ".NPMRC",
        ".yarnrc",
        ".yarnrc.yml",
        ".yarn/releases/yarn.cjs",
        "package.json",
        "Package.JSON",
        ".pnpmfile.cjs",
        "node_modules/left-pad/package.json",
        ".cargo/config.toml",
        ".Cargo/config",
        "a/.cargo/config",
        "conftest.py",
        "sitecustomize.py",
        "deploy/json.py",
        "evil.pth",
        ".envrc",
        ".bazelrc",
        "pip.conf",
        "requirements-dev.txt",
        ".husky/pre-commit",
        ".vscode/tasks.json",
        ".bashrc",
        ".gitconfig",
        ".gitmodules",
        "sub/HEAD",
        "tox.ini",
        "pyproject.toml",
        "setup.cfg",
        "build.rs",
        "Justfile",
        "Taskfile.yml",
        "taskfile.dist.yaml",
        "Rakefile",
        "Gemfile",
        ".rspec",
        ".irbrc",
        "gradlew",
        "gradle/wrapper/gradle-wrapper.properties",
        "gradle.properties",
        "mvnw",
        ".mvn/jvm.config",
        "Dockerfile",
        "Dockerfile.prod",
        "prod.Dockerfile",
        "docker-compose.yml",
        "docker-compose.override.yml",
        "compose.yaml",
        ".devcontainer/devcontainer.json",
        ".pre-commit-config.yaml",
        "webpack.config.js",
        "vite.config.ts",
        "jest.config.json",
        ".eslintrc.json",
        ".babelrc",
        "main.tf",
        "override.tf.json",
        ".terraformrc",
        "Directory.Build.props",
        "nuget.config",
        "action.yml",
        "cstore.yml",
        "deploy/cstore.yml",
        "lib/libssl.so.3",
        "env.sh",
        ".env.js",
        ".aws/config",
        ".ssh/config",
        ".Rprofile",
        "rust-toolchain.toml",
        ".claude/settings.json",
        "App.csproj",
        "App.csproj.user",
        "kustomization.yaml",
        ".rvmrc",
        "cliff.toml",
        "x.egg-info/entry_points.txt",
        ".git/config",
        "sub/.GIT/hooks/pre-commit",
        ".github/workflows/ci.yml",
        ".GitHub/x",
        "NPMRC~1",
        "CARGO~1/config",
        "PACKA~12.JSO",
        "Ma\u{212a}efile",
        "Make\u{ad}file",
        ".carg\u{ad}o/config",
        "conftest.\u{ad}py",
        "cla\u{17f}\u{17f}es.clj",
    ] {
        assert!(is_refused(path), "{path:?}");
    }
}

#[test]
fn what_applications_read_as_their_configuration_is_free() {
    for path in [
        ".env",
        ".env.local",
        ".env.production",
        ".ENV",
        "service/prod/.env",
        "prod.env",
        "config.json",
        "config.yaml",
        "config.yml",
        "config/default.json",
        "app.json",
        "settings.toml",
        "settings.ini",
        "application.yml",
        "application-prod.yaml",
        "application.properties",
        "log4j2.xml",
        "logback.xml",
        "settings.xml",
        "appsettings.json",
        "appsettings.Production.json",
        "web.config",
        "nginx.conf",
        "sites/shop.example.com",
        "php-fpm.conf",
        "database.yml",
        "values.yaml",
        "values-prod.yaml",
        "terraform.tfvars",
        "prod.auto.tfvars",
        "prod.tfvars.json",
        "Pulumi.prod.yaml",
        "certs/ca.pem",
        "certs/tls.key",
        "keystore.jks",
        "service-account.json",
        "google-services.json",
        "kubeconfig",
        "secrets.txt",
        "deployment.yaml",
        "k8s/configmap.yaml",
        "task-definition.json",
        "build/config.json",
        "makefile/x.env",
        "head/.env",
        "target/.env",
        "environment.yml",
        "feature-flags.json",
        "config",
        "a~b.env",
        "environment~1.env",
        ".env.vault",
        ".editorconfig",
        ".dockerignore",
        ".gitignore",
    ] {
        assert_eq!(refusal(&ConfigPath::new(path).unwrap()), None, "{path:?}");
    }
}

#[test]
fn the_table_is_well_formed() {
    let mut seen = HashSet::new();
    let markdown = markdown_table();
    for rule in rules() {
        assert!(!rule.reason.is_empty() && !rule.reason.ends_with('.'), "{rule:?}");
        for name in rule.names() {
            assert!(seen.insert(fold(name)), "{name} stands twice");
            assert!(name.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-+*/~".contains(&b)), "{name}");
            assert!(!name.trim_end_matches('/').contains('/'), "{name} is more than one name");
            assert!(markdown.contains(&format!("`{name}`")), "{name}");
            let path = match name.strip_suffix('/') {
                Some(folder) => format!("{folder}/inside"),
                None => name.to_owned(),
            };
            let path = ConfigPath::new(&path.replace('*', "x")).unwrap();
            assert_eq!(refusal(&path), Some((name, rule)), "{name} is covered by an earlier row, or by nothing");
        }
    }
    assert_eq!(markdown.lines().count(), rules().len() + 2);
}
