//! The table of names that a tool runs, or that say what it runs.
//!
//! What is known of a tool's files is from its own documentation. That they run code is collected, for many of them, in
//! [Living Off The Pipeline](https://boostsecurityio.github.io/lotp/).

/// Names that are left alone for one reason.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// The names, with a blank between two. One that ends in `/` is a folder's, and stands for all that is in it; the
    /// others are files', in whatever folder. `*` stands for any characters. They are compared as the file systems do
    /// it that tell the fewest names apart.
    names: &'static str,
    /// What such a file could do, as a clause that follows "because".
    pub reason: &'static str,
}

impl Rule {
    /// The names, one by one.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.names.split_whitespace()
    }
}

const fn rule(names: &'static str, reason: &'static str) -> Rule {
    Rule { names, reason }
}

/// The table. Where two rows know a name, the earlier one counts.
pub(super) static RULES: [Rule; 45] = [
    rule(".git/", "git's hooks run as programs, and its `config` names programs and holds credentials"),
    rule(".github/", "GitHub's workflows and actions run with the repository's secrets"),
    rule(
        ".gitmodules .gitattributes .gitconfig .lfsconfig .githooks/ HEAD",
        "git runs what they name, sends credentials where they say, or takes a folder with a `HEAD` for a repository",
    ),
    rule(".hg/ .hgrc .svn/ .jj/", "their version control runs hooks and programs that are named in them"),
    rule("*~1", "Windows may know another file or folder by such a short name"),
    rule("cstore.yml", "this tool takes it for the checkout's catalog, which says what goes where"),
    rule("cstore.lock", "this tool takes it for the checkout's lock file, which says what is pulled"),
    rule("action.yml action.yaml", "a workflow that uses an action of its own repository runs what they say"),
    rule(
        "*.com",
        "Windows runs such a program rather than another of the same name (one with further dots, like a host's, is free)",
    ),
    rule(
        "*.sh *.bash *.zsh *.ksh *.csh *.tcsh *.fish *.dash *.bats *.ps1 *.psm1 *.psd1 *.ps1xml *.bat *.cmd \
         *.command *.vbs *.vbe *.jse *.wsf *.wsh *.hta *.awk *.sed *.tcl *.exp *.jq *.rego *.star *.ebuild PKGBUILD \
         APKBUILD *.spec debian/ *.applescript *.scpt *.ahk *.au3 *.nu *.elv *.xsh .xonshrc .oilrc .xinitrc .xprofile .pam_environment *.reg *.inf *.iss *.nsi",
        "they are scripts",
    ),
    rule(
        ".bashrc .bash_profile .bash_login .bash_logout .bash_aliases .profile .inputrc .zshrc .zshenv .zprofile \
         .zlogin .zlogout .kshrc .mkshrc .cshrc .tcshrc .login .logout .config/",
        "shells and other programs read them where HOME leads here",
    ),
    rule(".envrc* .autoenv* .rvmrc", "direnv and autoenv run them when the folder is entered"),
    rule(
        "*.exe *.scr *.pif *.cpl *.msi *.msc *.dll *.ocx *.sys *.so *.so.* *.dylib *.a *.o *.lib *.obj *.lnk",
        "they are programs, or libraries that programs load",
    ),
    rule("Makefile GNUmakefile BSDmakefile Makefile.* *.mk *.mak *.d", "make runs what they say"),
    rule(
        "Justfile .justfile *.just Taskfile Taskfile.* Earthfile Tiltfile Snakefile SConstruct SConscript wscript \
         waf meson.build meson_options.txt meson.options build.ninja *.ninja CMakeLists.txt CMakePresets.json \
         CMakeUserPresets.json *.cmake configure configure.ac configure.in *.am *.m4 Kbuild Kconfig Doxyfile \
         latexmkrc .latexmkrc treefmt.toml .treefmt.toml dprint.json dprint.jsonc .dprint.json dagger.json \
         moon.yml .moon/ garden.yml *.garden.yml buildout.cfg *.gyp *.gypi *.gn *.gni Jamroot \
         Jamfile Jamrules *.jam CMakeCache.txt config.site config.status config.cache Tupfile Tuprules.tup tup.config \
         Makeppfile Imakefile tools.ini wscript_build Jakefile Cakefile *.hxml process-compose.* supervisord.conf mprocs.yaml bacon.toml *.do Android.bp snapcraft.yaml snap/ nfpm.yaml",
        "a build tool or task runner runs what they say",
    ),
    rule(
        "mise.toml .mise.toml mise.*.toml .mise.*.toml .mise/ .tool-versions .rtx.toml devbox.json devenv.yaml \
         *.nix .sdkmanrc aqua.yaml .aqua.yaml pkgx.yaml .pkgx.yaml .prototools .hermit/",
        "a version manager installs and runs what they name, and runs their hooks",
    ),
    rule(
        ".bazelrc .bazeliskrc .bazelversion BUILD BUILD.bazel WORKSPACE WORKSPACE.bazel MODULE.bazel REPO.bazel \
         *.bzl BUCK .buckconfig *.buckconfig pants.toml .pants.rc",
        "Bazel, Buck or Pants run what they say, or are fetched from where they say",
    ),
    rule(
        "package.json package-lock.json npm-shrinkwrap.json .npmrc yarn.lock .yarnrc .yarnrc.* .yarn/ .pnp.* \
         pnpm-lock.yaml pnpm-workspace.yaml .pnpmfile.* bun.lock bun.lockb bunfig.toml deno.json deno.jsonc \
         deno.lock node_modules/ .bowerrc bower.json",
        "a JavaScript package manager runs scripts and installs packages that they name",
    ),
    rule(
        "*.js *.mjs *.cjs *.jsx *.ts *.mts *.cts *.tsx *.vue *.svelte *.astro *.coffee *.node *.wasm",
        "JavaScript is found by its file's name, that of a tool's configuration, too",
    ),
    rule(
        ".babelrc .babelrc.* babel.config.* .eslintrc .eslintrc.* .prettierrc .prettierrc.* .stylelintrc \
         .stylelintrc.* .postcssrc .postcssrc.* .swcrc .parcelrc .mocharc.* .nycrc .nycrc.* .c8rc.* jest.config.* \
         .jestrc .taprc tsconfig.json tsconfig.*.json jsconfig.json .sequelizerc .releaserc .releaserc.* \
         .release-it.* .commitlintrc .commitlintrc.* .textlintrc .textlintrc.* .remarkrc .remarkrc.* \
         .markdownlint-cli2.* .storybook/ nodemon.json .electron-builder.* electron-builder.* wdio.* cypress.json \
         stryker.* .lighthouserc.* lighthouserc.* ecosystem.config.* \
         typedoc.json tslint.json .jsdoc.json jsdoc.json codegen.yml codegen.yaml .graphqlrc .graphqlrc.* \
         graphql.config.* .solhint.json rescript.json bsconfig.json tauri.conf.json tauri.conf.json5 Tauri.toml \
         tauri.*.conf.json .wp-env.json .wp-env.override.json .testcaferc.* nightwatch.json nightwatch.conf.* \
         codecept.conf.* karma.conf.* .yo-rc.json docfx.json artillery.yml artillery.yaml .meteor/",
        "a JavaScript tool loads plugins that they name",
    ),
    rule(
        "nx.json project.json turbo.json lerna.json rush.json angular.json nest-cli.json workspace.json",
        "a JavaScript task runner runs what they say",
    ),
    rule(
        ".husky/ .pre-commit-config.yaml .pre-commit-hooks.yaml lefthook.* .lefthook.* .lefthook/ \
         lefthook-local.* .overcommit.yml .lintstagedrc .lintstagedrc.* .huskyrc .huskyrc.* captainhook.json \
         grumphp.yml hk.pkl .cz.toml .czrc cliff.toml .cliff.toml release.toml knope.toml .bumpversion.cfg \
         .bumpversion.toml .versionrc* .gitlint .changeset/",
        "they say what runs at each commit or release",
    ),
    rule(
        "*.py *.pyc *.pyo *.pyd *.pyw *.pyx *.pyi *.pth *.egg *.egg-link *.whl *.ipynb",
        "Python takes modules from the folder of a script, such as `conftest.py`, `sitecustomize.py` and `setup.py`",
    ),
    rule(
        "pyproject.toml setup.cfg tox.ini tox.toml pytest.ini .pytest.ini pytest.toml .coveragerc .flake8 \
         .pylintrc pylintrc .pylintrc.toml pylintrc.toml mypy.ini .mypy.ini .pythonrc .pythonstartup .pdbrc \
         pyvenv.cfg *.egg-info/ *.dist-info/ dvc.yaml .dvc/ .mega-linter.yml .checkov.yml .checkov.yaml \
         mkdocs.yml mkdocs.yaml hatch.toml .ipython/ .jupyter/ alembic.ini .sqlfluff MLproject dbt_project.yml uwsgi.ini zappa_settings.json *.robot \
         .noserc nose.cfg unittest.cfg .pyre_configuration",
        "a Python tool runs code and loads plugins that they name",
    ),
    rule(
        "requirements*.txt constraints*.txt requirements*.in pip.conf pip.ini .pydistutils.cfg .pypirc Pipfile \
         Pipfile.lock poetry.lock poetry.toml uv.toml uv.lock pdm.lock pdm.toml pylock.toml pylock.*.toml \
         .condarc pixi.toml pixi.lock environment.yml environment.yaml conda-lock.yml anaconda-project.yml",
        "a Python package manager installs what they name, from where they say",
    ),
    rule(
        "*.rb *.rake *.gemspec *.ru *.erb *.gem Gemfile Gemfile.lock *.gemfile Rakefile .bundle/ .rspec .irbrc \
         .pryrc .rubocop.yml .rubocop/ .simplecov Guardfile Capfile Thorfile Fastfile Appfile Matchfile \
         Pluginfile Podfile Podfile.lock Dangerfile Berksfile Brewfile Vagrantfile Puppetfile cucumber.yml \
         _config.yml .rspec-local .yardopts .mdlrc .erb-lint.yml .haml-lint.yml .slim-lint.yml .standard.yml",
        "Ruby runs them, or code and packages that they name",
    ),
    rule(
        ".cargo/ Cargo.toml Cargo.lock rust-toolchain rust-toolchain.toml *.rs nextest.toml Cross.toml Trunk.toml book.toml",
        "cargo builds them (`build.rs` runs at once) and runs programs that they name",
    ),
    rule(
        "go.mod go.sum go.work go.work.sum *.go .golangci.* .custom-gcl.yml .goreleaser.* goreleaser.* .ko.yaml \
         .air.toml .gomplate.yaml buf.* sqlc.yaml sqlc.yml sqlc.json",
        "Go and its tools build, load or run what they say",
    ),
    rule(
        "*.gradle *.kts *.kt *.java *.groovy *.scala *.sc *.mill *.clj *.cljc *.cljs *.class *.jar *.war *.ear \
         *.aar *.jsh gradle/ gradlew gradle.properties .gradle/ mvnw .mvn/ .m2/ pom.xml build.xml ant.properties \
         ivy.xml ivysettings.xml *.sbt .sbtopts .sbt/ .jvmopts .mill-* deps.edn shadow-cljs.edn Jenkinsfile \
         sonar-project.properties *.nf nextflow.config *.bb bb.edn tests.edn build.boot .clj-kondo/",
        "tools of the Java virtual machine run them, or code that they name",
    ),
    rule(
        "*.cs *.csx *.fs *.fsx *.vb *.props *.targets *.tasks *.proj *.sln *.slnx *.rsp *.nupkg nuget.config \
         global.json dotnet-tools.json packages.config packages.lock.json paket.* *.runsettings \
         *.runtimeconfig.json *.deps.json *.cake *.nuspec *.*proj *.*proj.user *.pubxml *.projitems",
        "MSBuild and .NET run them, or take SDKs, packages and libraries that they name",
    ),
    rule(
        "*.php *.phtml *.phar *.phpt composer.json composer.lock .user.ini php.ini .htaccess phpunit.xml \
         phpunit.*.xml phpunit.xml.dist phpstan.* psalm.xml psalm.xml.dist phpcs.xml .phpcs.xml phpcs.xml.dist \
         behat.yml artisan .php_cs* codeception.yml codeception.*.yml wp-cli.yml wp-cli.*.yml phpspec.yml phpspec.yml.dist \
         phpbench.json phinx.yml phinx.yaml phinx.json infection.json infection.json5 infection.json.dist",
        "PHP runs them, or code that they name",
    ),
    rule("*.pl *.pm *.t *.psgi cpanfile .proverc Build.PL *.raku *.rakumod dist.ini", "Perl runs them"),
    rule(
        "*.c *.h *.cc *.cpp *.cxx *.hh *.hpp *.hxx *.inl *.cu *.m *.mm *.s *.asm *.swift *.zig *.zon *.nim *.nims \
         nim.cfg *.nimble *.cr *.hs *.lhs *.cabal cabal.project cabal.project.* stack.yaml *.ml *.mli *.opam dune \
         dune-project dune-workspace *.dart pubspec.yaml pubspec.lock analysis_options.yaml dub.json dub.sdl \
         *.pro conanfile.txt vcpkg.json Package.resolved Cartfile Mintfile *.pbxproj *.xcconfig shard.yml *.rockspec .ocamlinit .utoprc \
         alire.toml *.gpr gleam.toml *.gleam elm.json spago.yaml spago.dhall .ghci foundry.toml forc.toml truffle.json ape-config.yaml brownie-config.yaml slither.config.json dfx.json Nargo.toml Scarb.toml Move.toml \
         Anchor.toml",
        "a compiler or its build tool takes them from the folder",
    ),
    rule(
        "*.ex *.exs *.erl *.hrl rebar.config rebar.lock mix.lock *.lua .luacheckrc .busted .luacov *.r .Rprofile \
         .Renviron .RData renv.lock *.jl Project.toml Manifest.toml .octaverc *.lisp *.scm *.rkt .lintr _quarto.yml _bookdown.yml *.qmd *.Rmd \
         *.Rnw *.moon *.fnl *.hy *.asd .sbclrc .gnuplot *.gnuplot",
        "an interpreter runs them, or code that they name",
    ),
    rule(
        "*.tf *.tf.json *.tofu *.tofu.json *.tfstate *.tfstate.backup *.tftest.* .terraform/ .terraformrc \
         terraform.rc .tofurc .terraform.lock.hcl terragrunt.hcl terragrunt.*.hcl root.hcl *.tm.hcl *.pkr.hcl *.pkr.json .tflint.hcl atlantis.yaml",
        "Terraform and similar tools run programs and install providers that they name",
    ),
    rule(
        "Pulumi.yaml Pulumi.yml cdk.json cdktf.json serverless.yml serverless.yaml serverless.json samconfig.* \
         ansible.cfg helmfile.* skaffold.yaml skaffold.yml devspace.yaml werf.yaml requirements.yml \
         requirements.yaml kustomization.yaml kustomization.yml Kustomization .ansible-lint okteto.yml \
         okteto.yaml azure.yaml jsonnetfile.json jsonnetfile.lock.json digger.yml .spacelift/ .chalice/",
        "a tool that deploys runs programs and loads plugins that they name",
    ),
    rule(
        "Dockerfile Dockerfile.* *.Dockerfile Containerfile Containerfile.* docker-compose*.yml \
         docker-compose*.yaml compose.yml compose.yaml compose.*.yml compose.*.yaml docker-bake.* .docker/ \
         .devcontainer/ .devcontainer.json devcontainer.json .ddev/ .lando.yml Singularity apptainer.def",
        "Docker and similar tools build and run what they say",
    ),
    rule(
        "Procfile Procfile.* .foreman .overmind.env netlify.toml vercel.json wrangler.toml wrangler.json wrangler.jsonc firebase.json \
         fly.toml render.yaml railway.json railway.toml nixpacks.toml buildspec.yml buildspec.yaml appspec.yml \
         appspec.yaml amplify.yml apprunner.yaml .ebextensions/ .platform/ cloudbuild.yaml cloudbuild.yml \
         cloudbuild.json",
        "a platform, or its tool, runs the commands that they name",
    ),
    rule(
        ".gitlab-ci.yml .circleci/ .buildkite/ .travis.yml azure-pipelines.yml bitbucket-pipelines.yml .drone.yml \
         .woodpecker/ .woodpecker.yml .cirrus.yml appveyor.yml .appveyor.yml .semaphore/ .teamcity/ .gitea/ \
         .forgejo/ .actrc bitrise.yml codemagic.yaml .harness/ .tekton/",
        "a CI service runs what they say",
    ),
    rule(
        ".vscode/ .idea/ .vs/ .fleet/ .zed/ .helix/ *.code-workspace .exrc .vimrc _vimrc .gvimrc .lvimrc .nvimrc .ideavimrc .clangd .vim/ .nvim/ *.vim *.el .emacs \
         .gitpod.yml .replit devfile.yaml .devfile.yaml",
        "an editor runs tasks and loads extensions that they name",
    ),
    rule(
        ".claude/ .cursor/ .gemini/ .codex/ .windsurf/ .mcp.json CLAUDE.md AGENTS.md GEMINI.md .cursorrules \
         copilot-instructions.md .aider.* .opencode/ opencode.json .continue/ .roo/ .kiro/ .junie/ .amazonq/ \
         .clinerules .goosehints",
        "a coding agent does what they say, and runs their hooks and servers",
    ),
    rule(
        ".gdbinit .lldbinit .psqlrc .sqliterc .screenrc .tmux.conf .lessfilter .lesskey .my.cnf .mysqlrc .mongorc",
        "a debugger or client runs the commands in them",
    ),
    rule(
        ".aws/ .kube/ .ssh/ .gnupg/ .netrc _netrc .pgpass .pg_service.conf .s3cfg .databrickscfg .mailrc .curlrc _curlrc .wgetrc .boto .subversion/ .gcloud/ .azure/",
        "they decide with which credentials, to which hosts and through which programs later steps go",
    ),
    rule(".sops.yaml .sops.yml", "sops encrypts for the keys that they name"),
    rule("trivy.yaml .vale.ini", "they make a scanner run code or send what it reads"),
];
