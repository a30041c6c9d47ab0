//! The names that are refused. Each row says what reads them, and what such a variable could do.

/// Names that are refused for one reason.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// The names, between blanks; one that ends in `*` stands for all that begin so. They are compared without case.
    names: &'static str,
    /// What reads such a variable and what it could do, as a clause that follows "because".
    pub reason: &'static str,
    /// Whether `allow-env` may lift it.
    pub can_be_allowed: bool,
}

impl Rule {
    /// The names, in the order of the table.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.names.split_ascii_whitespace()
    }
}

const fn rule(names: &'static str, reason: &'static str) -> Rule {
    Rule { names, reason, can_be_allowed: true }
}

/// Where two rows know a name, the earlier one counts.
pub(super) static RULES: &[Rule] = &[
    Rule {
        names: "NODE_OPTIONS",
        // `_setEnvBlockList` in FileCommandManager.cs.
        reason: "it makes every Node.js program load other code; the runner itself refuses it",
        can_be_allowed: false,
    },
    rule(
        "GITHUB_* RUNNER_* ACTIONS_* INPUT_* CI AGENT_TOOLSDIRECTORY",
        "the runner sets it, and actions rely on what it says",
    ),
    rule("STATE_*", "actions take it for what an earlier part of themselves has left, such as that their work is done"),
    rule("CSTORE_*", "it is this action's own"),
    rule(
        "PATH PATHEXT HOME HOMEDRIVE HOMEPATH USERPROFILE APPDATA LOCALAPPDATA PROGRAMDATA ALLUSERSPROFILE SYSTEMROOT \
         WINDIR SYSTEMDRIVE PROGRAMFILES* PROGRAMW6432 COMMONPROGRAMFILES* COMMONPROGRAMW6432 COMSPEC SHELL XDG_* \
         TMPDIR TMP TEMP",
        "it decides which programs, or whose settings of programs, later steps use",
    ),
    rule(
        "LD_* DYLD_* LIBPATH GLIBC_TUNABLES GCONV_PATH GETCONF_DIR LOCPATH NLSPATH GTK_MODULES GTK_PATH \
         GIO_EXTRA_MODULES GIO_MODULE_DIR OMP_TOOL_LIBRARIES QT_PLUGIN_PATH FAKECHROOT_* WINEDLLPATH WINEDLLOVERRIDES \
         WINELOADER WINEPREFIX",
        "the loader and the C library load other libraries by it",
    ),
    rule(
        "GST_PLUGIN_* GST_REGISTRY* GDK_PIXBUF_MODULE* GI_TYPELIB_PATH GTK_IM_MODULE_FILE GTK_EXE_PREFIX \
         QT_QPA_PLATFORM_PLUGIN_PATH QML_IMPORT_PATH QML2_IMPORT_PATH HDF5_PLUGIN_PATH GDAL_DRIVER_PATH \
         OCL_ICD_VENDORS OCL_ICD_FILENAMES VK_ICD_FILENAMES VK_DRIVER_FILES VK_LAYER_PATH VK_IMPLICIT_LAYER_PATH \
         VK_INSTANCE_LAYERS VK_ADD_* VK_LOADER_* __EGL_VENDOR_* EGL_DRIVERS_PATH GBM_BACKENDS_PATH LIBGL_DRIVERS_PATH \
         LIBVA_DRIVERS_PATH VDPAU_DRIVER_PATH CUDA_INJECTION64_PATH CUDA_INJECTION32_PATH NVTX_INJECTION64_PATH \
         NVTX_INJECTION32_PATH LADSPA_PATH FREI0R_PATH ALSA_CONFIG_PATH ALSA_PLUGIN_DIR SDL_DYNAMIC_API SDL3_DYNAMIC_API \
         FI_PROVIDER_PATH OMPI_MCA_* PMIX_MCA_*",
        "a library loads its drivers and plugins by it",
    ),
    rule(
        "DBUS_SESSION_BUS_ADDRESS DBUS_SYSTEM_BUS_ADDRESS FONTCONFIG_FILE FONTCONFIG_PATH SOFTHSM2_CONF PKCS11_MODULE_PATH SLURM_CONF \
         GRPC_XDS_BOOTSTRAP GRPC_XDS_BOOTSTRAP_CONFIG TEXMF* TEXINPUTS SWIG_LIB TERMCAP TERMINFO* MAILRC _NT_SYMBOL_PATH FFREPORT",
        "a library or a program takes settings, modules or servers from where it says",
    ),
    rule(
        "HF_ENDPOINT HF_HOME DBT_PROFILES_DIR DBT_PROJECT_DIR AIRFLOW_HOME AIRFLOW_CONFIG AIRFLOW__CORE__PLUGINS_FOLDER \
         SENTRY_URL SENTRY_PROPERTIES CODECOV_URL CODECOV_API_URL SNYK_API SEMGREP_URL SEMGREP_APP_URL SEMGREP_RULES \
         TRIVY_* GRYPE_* SYFT_* OCI_CLI_* OCI_CONFIG_FILE OS_CLIENT_CONFIG_FILE DATABRICKS_CONFIG_FILE SNOWFLAKE_HOME \
         NETLIFY_API_URL HEROKU_HOST HEROKU_API_URL FLY_API_HOSTNAME FLY_API_BASE_URL STEPPATH CF_HOME",
        "a tool sends its token elsewhere by it, or takes settings and plugins from there",
    ),
    rule(
        "MALLOC_TRACE ASAN_SYMBOLIZER_PATH MSAN_SYMBOLIZER_PATH TSAN_SYMBOLIZER_PATH LLVM_SYMBOLIZER_PATH ASAN_OPTIONS \
         LSAN_OPTIONS MSAN_OPTIONS TSAN_OPTIONS UBSAN_OPTIONS VALGRIND_LIB VALGRIND_OPTS VALGRIND_LAUNCHER GCOV_PREFIX \
         GOCOVERDIR LLVM_PROFILE_FILE",
        "a debugging aid of a program, which a library has in it, runs another one by it or writes files",
    ),
    rule(
        "HOSTALIASES LOCALDOMAIN RES_OPTIONS RESOLV_*",
        "the C library sends what goes to a host by its name elsewhere",
    ),
    rule(
        "HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY FTP_PROXY SOCKS_PROXY WS_PROXY WSS_PROXY GRPC_PROXY NO_GRPC_PROXY \
         RSYNC_PROXY PROXY HTTP_PROXY_* HTTPS_PROXY_* GLOBAL_AGENT_* CGI_HTTP_PROXY",
        "nearly every program sends its requests, tokens included, through the proxy that it names",
    ),
    rule(
        "SSL_CERT_FILE SSL_CERT_DIR SSLKEYLOGFILE OPENSSL_* GNUTLS_* NSS_* CURL_CA_BUNDLE REQUESTS_CA_BUNDLE \
         HTTPLIB2_CA_CERTS WEBSOCKET_CLIENT_CA_BUNDLE HTTPS_CA_FILE HTTPS_CA_DIR GRPC_DEFAULT_SSL_ROOTS_FILE_PATH \
         PGSSLROOTCERT P11_KIT_*",
        "it decides which certificates TLS trusts, with which library and whether its keys are written down",
    ),
    rule(
        "BASH_* ENV IFS CDPATH FPATH GLOBIGNORE EXECIGNORE INPUTRC SHELLOPTS BASHOPTS PS0 PS1 PS2 PS3 PS4 RPS1 RPS2 PROMPT_COMMAND \
         NULLCMD READNULLCMD MAILPATH FCEDIT HISTFILE HISTCMD RANDOM SRANDOM OPTIND STARSHIP_CONFIG ZDOTDIR PSMODULEPATH \
         PSMODULEANALYSISCACHEPATH PSEXECUTIONPOLICYPREFERENCE __PSLOCKDOWNPOLICY __COMPAT_LAYER XONSHRC NU_LIB_DIRS NU_PLUGIN_DIRS",
        "it changes what a shell runs",
    ),
    rule(
        "NODE_PATH NODE_PRESERVE_SYMLINKS* NODE_EXTRA_CA_CERTS NODE_TLS_REJECT_UNAUTHORIZED NODE_USE_ENV_PROXY NODE_USE_SYSTEM_CA NODE_REPL_* \
         NODE_COMPILE_CACHE NODE_ICU_DATA NODE_V8_COVERAGE NODE_REDIRECT_WARNINGS NODE_GYP_* GYP_* NODE_MIRROR \
         NODEJS_ORG_MIRROR ELECTRON_* TS_NODE_* ESBUILD_BINARY_PATH PRISMA_* SASS_BINARY_* DENO_* BUN_*",
        "Node.js, Deno, Bun or a common package of theirs loads other code or trusts other certificates by it",
    ),
    rule(
        "NPM_CONFIG_* NPM_EXECPATH NPM_NODE_EXECPATH YARN_* PNPM_* COREPACK_* NVM_* N_PREFIX FNM_* VOLTA_* PM2_HOME",
        "npm, Yarn, pnpm, PM2 and the installers of Node.js take it for a setting: a registry, a script, a shell, a \
         certificate",
    ),
    rule(
        "PUPPETEER_* PLAYWRIGHT_* CYPRESS_INSTALL_* CYPRESS_RUN_BINARY CYPRESS_DOWNLOAD_* CHROMEWEBDRIVER CHROME_BIN \
         CHROME_PATH EDGEWEBDRIVER GECKOWEBDRIVER SELENIUM_JAR_PATH SE_* BROWSER",
        "it decides which browser or driver tests run, and where it comes from",
    ),
    rule(
        "PYTHONPATH PYTHONHOME PYTHONSTARTUP PYTHONUSERBASE PYTHONWARNINGS PYTHONPLATLIBDIR PYTHONEXECUTABLE \
         PYTHONPYCACHEPREFIX PYTHONINSPECT PYTHONBREAKPOINT PYTHON_* PYTHONHTTPSVERIFY PYENV_* VIRTUAL_ENV \
         VIRTUALENV_* PYTEST_ADDOPTS PYTEST_PLUGINS COVERAGE_PROCESS_START COVERAGE_RCFILE PYLINTRC GUNICORN_CMD_ARGS \
         UWSGI_* WERKZEUG_DEBUG_PIN \
         JUPYTER_* IPYTHONDIR MPLBACKEND MPLCONFIGDIR MATPLOTLIBRC PYSPARK_*",
        "Python, or a common program in it, loads other code by it or no longer verifies certificates",
    ),
    rule(
        "PIP_* PIPX_* PIPENV_* UV_* POETRY_* PDM_* HATCH_* TWINE_* TOX_* NOX_* CONDA_* MAMBA_* SETUPTOOLS_* \
         PRE_COMMIT_*",
        "a Python package manager takes it for a setting: an index, a certificate, a folder of code",
    ),
    rule("PERL*", "it makes Perl load other code or no longer verify certificates"),
    rule(
        "RUBY* JRUBY_* GEM_* BUNDLE_* BUNDLER_* RBENV_* RAKEOPT RSPEC_OPTS SPEC_OPTS IRBRC VAGRANT_CWD VAGRANT_VAGRANTFILE VAGRANT_HOME BOOTSNAP_CACHE_DIR",
        "Ruby, RubyGems or Bundler loads other code by it, or gets it from elsewhere",
    ),
    rule(
        "JAVA_* _JAVA_OPTIONS JDK_* JRE_HOME IBM_JAVA_OPTIONS OPENJ9_JAVA_OPTIONS CLASSPATH JVM_ARGS JVM_OPTS \
         SPARK_SUBMIT_OPTS SPARK_DAEMON_JAVA_OPTS SPARK_HOME SPARK_CONF_DIR HADOOP_OPTS HADOOP_CLIENT_OPTS \
         HADOOP_CLASSPATH HADOOP_HOME HADOOP_CONF_DIR KAFKA_OPTS KAFKA_JVM_* KAFKA_HEAP_OPTS KAFKA_LOG4J_OPTS \
         CATALINA_* JBOSS_HOME JETTY_HOME JETTY_BASE ES_JAVA_* ES_PATH_CONF LS_JAVA_* JVMFLAGS SERVER_JVMFLAGS CLIENT_JVMFLAGS \
         ZOOCFG ZOOCFGDIR HBASE_OPTS HBASE_CONF_DIR HIVE_OPTS HIVE_CONF_DIR ACTIVEMQ_OPTS",
        "it makes every Java program, or the script that starts it, load other code",
    ),
    rule(
        "MAVEN_* MVNW_* M2 M2_HOME GRADLE_* ORG_GRADLE_* ANT_* SBT_* COURSIER_* LEIN_* CLJ_* KOTLIN_* GROOVY_* \
         SCALA_HOME SONAR_HOST_URL SONAR_SCANNER_*",
        "a Java build tool takes it for options, which load code, or for a repository",
    ),
    rule(
        "DOTNET_* CORECLR_* COR_* COMPLUS_* MONO_* ASPNETCORE_HOSTINGSTARTUPASSEMBLIES NUGET_* MSBUILD* \
         CUSTOMBEFOREMICROSOFT* CUSTOMAFTERMICROSOFT* DIRECTORYBUILDPROPSPATH DIRECTORYBUILDTARGETSPATH \
         DIRECTORYPACKAGESPROPSPATH RESTORESOURCES RESTORECONFIGFILE VSTEST_* CLRCONFIG_*",
        ".NET loads a profiler or a hook by it, and MSBuild and NuGet take it for a setting",
    ),
    rule("PHPRC PHP_INI* PHP_PEAR_* COMPOSER*", "PHP or Composer loads other code by it"),
    rule(
        "LUA_* LUAROCKS_* R_* RENV_* JULIA_* OCAML* CAML* OPAM* GHC_* GHCRTS GHCUP_* CABAL_* STACK_ROOT STACK_YAML ERL_* \
         ELIXIR_ERL_OPTIONS MIX_HOME MIX_ARCHIVES MIX_EXS MIX_PATH MIX_BUILD_PATH MIX_DEPS_PATH HEX_* TCLLIBPATH \
         GUILE_* AWKPATH AWKLIBPATH DART_VM_OPTIONS PUB_CACHE PUB_HOSTED_URL FLUTTER_*",
        "an interpreter, a compiler or its package manager loads other code by it",
    ),
    rule(
        "GOFLAGS GOPROXY GONOPROXY GOSUMDB GONOSUMDB GONOSUMCHECK GOPRIVATE GOINSECURE GOVCS GOAUTH GOTOOLCHAIN GOTOOLDIR \
         GOPATH GOROOT* GOBIN GOCACHE GOCACHEPROG GOMODCACHE GOENV GOWORK GODEBUG GOTMPDIR GCCGO CGO_*",
        "go runs other programs by it, or takes modules from elsewhere without their checksums",
    ),
    rule(
        "CARGO CARGO_* RUSTC RUSTC_* RUSTDOC RUSTDOCFLAGS RUSTFLAGS RUSTUP_* RUST_TARGET_PATH PROTOC PROTOC_* \
         BINDGEN_* LIBCLANG_PATH LLVM_CONFIG_PATH CLANG_PATH",
        "Cargo, rustc or rustup runs other programs by it, or takes crates from elsewhere",
    ),
    rule(
        "CC CXX CPP FC LD AR AS NM RANLIB STRIP OBJCOPY HOST_CC HOST_CXX TARGET_CC TARGET_CXX CFLAGS CXXFLAGS \
         CPPFLAGS LDFLAGS LDLIBS GCC_EXEC_PREFIX COMPILER_PATH LIBRARY_PATH CPATH C_INCLUDE_PATH CPLUS_INCLUDE_PATH \
         CCACHE_* SCCACHE_* DISTCC_* CCC_OVERRIDE_OPTIONS CCC_ADD_ARGS CC_PRINT_* COLLECT_GCC* COLLECT_LTO_* \
         CLANG_CONFIG_* OBJC OBJCXX OBJCFLAGS F77 FCFLAGS DEPENDENCIES_OUTPUT SUNPRO_DEPENDENCIES",
        "it decides which compiler runs, with which plugins and headers, and whose cache it trusts",
    ),
    rule(
        "CL _CL_ LINK _LINK_ ML _ML_ LIB INCLUDE EXTERNAL_INCLUDE VCTARGETSPATH* VCINSTALLDIR VCTOOLSINSTALLDIR \
         VSINSTALLDIR WINDOWSSDKDIR USEENV",
        "compilers and linkers of Visual Studio take it for options, headers, libraries or tools",
    ),
    rule(
        "RM YACC LEX FLEX BISON LINT CO GET PC M2C CWEAVE CTANGLE WEAVE TANGLE TEX MAKEINFO TEXI2DVI ARFLAGS ASFLAGS \
         AFLAGS FFLAGS F77FLAGS GFLAGS COFLAGS LFLAGS YFLAGS PFLAGS RFLAGS M2FLAGS MODFLAGS DEFFLAGS LINTFLAGS \
         MAKEINFOFLAGS LOADLIBES LIBS OUTPUT_OPTION TARGET_ARCH TARGET_MACH INSTALL INSTALL_PROGRAM INSTALL_DATA \
         INSTALL_SCRIPT MKDIR_P LIBTOOL",
        "make puts it into the commands of its own rules, and of what automake writes",
    ),
    rule(
        "MAKE MAKEFILES MAKEFLAGS GNUMAKEFLAGS CMAKE_* CTEST_* PKG_CONFIG* ACLOCAL_PATH AUTOM4TE AUTOCONF AUTOMAKE M4 \
         VCPKG_* CONAN_* BAZEL_* BAZELISK_* JUST_* TURBO_* NX_* CONFIG_SITE CONFIG_SHELL \
         ACLOCAL AUTOHEADER AUTORECONF AUTOPOINT LIBTOOLIZE BISON_PKGDATADIR M4PATH SCONSFLAGS SCONS_LIB_DIR QMAKEPATH \
         QMAKEFEATURES QMAKESPEC XMAKE_* PREMAKE_PATH BOOST_BUILD_PATH PARALLEL PARALLEL_*",
        "it makes a build tool run other programs or take results from elsewhere",
    ),
    rule(
        "DEVELOPER_DIR SDKROOT TOOLCHAINS XCODE_XCCONFIG_FILE SWIFT_EXEC SWIFTPM_* ANDROID_HOME ANDROID_SDK_* \
         ANDROID_NDK* ADB_* FASTLANE_*",
        "it decides which tools build for Apple's systems and Android",
    ),
    rule(
        "GIT_SSH* GIT_CONFIG* GIT_EXEC_PATH GIT_TEMPLATE_DIR GIT_ASKPASS GIT_EDITOR GIT_SEQUENCE_EDITOR GIT_PAGER \
         GIT_EXTERNAL_DIFF GIT_PROXY_* GIT_LFS_* SSH_ASKPASS* SSH_SK_* EDITOR VISUAL PAGER LESS LESSOPEN LESSCLOSE \
         LESSKEY* MANPAGER MANOPT SYSTEMD_PAGER SYSTEMD_EDITOR SYSTEMD_LESS BAT_PAGER BAT_CONFIG_* DELTA_PAGER \
         ACK_PAGER* VIMINIT GVIMINIT EXINIT MYVIMRC MYGVIMRC VIM VIMRUNTIME NVIM_* EMACSLOADPATH EMACSPATH \
         EMACSDATA ESHELL KAKOUNE_* HELIX_RUNTIME ZELLIJ_* SCREENRC SYSSCREENRC TMUX_TMPDIR",
        "it decides which programs git runs, and the programs that it starts",
    ),
    rule(
        "GIT_DIR GIT_COMMON_DIR GIT_WORK_TREE GIT_INDEX_FILE GIT_OBJECT_DIRECTORY GIT_ALTERNATE_OBJECT_DIRECTORIES \
         GIT_NAMESPACE GIT_REPLACE_REF_BASE GIT_GRAFT_FILE GIT_SHALLOW_FILE GIT_ATTR_* GIT_SSL_* GIT_HTTP_* \
         GIT_ALLOW_PROTOCOL GIT_PROTOCOL_FROM_USER GIT_TRACE* GIT_CURL_VERBOSE GCM_TRACE* GIT_REDIRECT_* GIT_AUTHOR_* \
         GIT_COMMITTER_*",
        "it decides with which repository, whose name and what trust git works, and where it writes down tokens",
    ),
    rule(
        "SSH_AUTH_SOCK SSH_AGENT_PID GNUPGHOME GPG_* KRB5* SUDO_ASKPASS SUDO_EDITOR GH_* GLAB_* HUB_*",
        "it decides as whom later steps sign and sign in, such as by ssh, gpg and gh",
    ),
    rule(
        "CURL_HOME CURL_SSL_BACKEND WGETRC SYSTEM_WGETRC NETRC RSYNC_RSH RSYNC_CONNECT_PROG SVN_* HGRCPATH HGEDITOR \
         HGMERGE HG CVS_RSH CVSROOT CVSEDITOR BZR_* DARCS_* P4CONFIG P4PORT P4EDITOR P4DIFF P4ENVIRO P4TRUST \
         RIPGREP_CONFIG_PATH ACKRC FZF_DEFAULT_* TAR_OPTIONS TAPE ZIPOPT ZIP UNZIPOPT UNZIP LYNX_CFG HTTPIE_CONFIG_DIR MAGICK_* GS_OPTIONS GS_LIB DEBUGINFOD_URLS",
        "the program of that name takes it for options or a file of them, which redirect it or have it run others",
    ),
    rule(
        "RCLONE_* RESTIC_* BORG_* SOPS_* DUPLICITY_* PASSWORD_STORE_* MC_HOST_* MC_CONFIG_DIR",
        "a tool for backups, copies or secrets runs a program by it, or turns to another store with its secrets",
    ),
    rule(
        "HOMEBREW_* APT_CONFIG DPKG_* DEBCONF_* NIX_* CHOCOLATEY* SCOOP* ASDF_* MISE_* DIRENV_* GOENV_* NODENV_* JENV_* PHPENV_* PLENV_* TENV_* LEFTHOOK_BIN LEFTHOOK_CONFIG RTX_* \
         AQUA_* PROTO_HOME SDKMAN_* DEVBOX_* FLOX_* PKGX_* HERMIT_* SPACK_* MODULEPATH MODULESHOME LMOD_* RPM_CONFIGDIR \
         MAKEPKG_CONF PACMAN PACMAN_AUTH DEBUILD_*",
        "a package manager installs from elsewhere by it, or runs other programs",
    ),
    rule(
        "AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_SECURITY_TOKEN AWS_CREDENTIAL* AWS_PROFILE \
         AWS_DEFAULT_PROFILE AWS_CONFIG_FILE AWS_SHARED_CREDENTIALS_FILE AWS_SDK_LOAD_CONFIG AWS_WEB_IDENTITY_* \
         AWS_ROLE_* AWS_CONTAINER_* AWS_EC2_METADATA_* AWS_METADATA_* AWS_LOGIN_* AWS_SSO_* BOTO_CONFIG BOTO_PATH",
        "it decides with which AWS credentials, and under which name, later steps work",
    ),
    rule(
        "AWS_ENDPOINT_URL* AWS_IGNORE_CONFIGURED_ENDPOINT_URLS AWS_CA_BUNDLE AWS_DATA_PATH AWS_PAGER AWS_CLI_* \
         AWS_STS_REGIONAL_ENDPOINTS AWS_USE_*",
        "it decides where later steps send AWS requests, whose certificates they trust there, and what the AWS CLI \
         runs",
    ),
    rule(
        "AZURE_CONFIG_DIR AZURE_EXTENSION_* AZURE_AUTHORITY_HOST AZURE_CLIENT_* AZURE_TENANT_ID \
         AZURE_FEDERATED_TOKEN_FILE AZURE_USERNAME AZURE_PASSWORD AZURE_POD_IDENTITY_* AZURE_CLI_* AZURE_CORE_* \
         ADAL_* MSAL_* MSI_* IDENTITY_ENDPOINT IDENTITY_HEADER IDENTITY_SERVER_THUMBPRINT IMDS_ENDPOINT ARM_*",
        "it decides as whom, and where, tools of Azure sign in",
    ),
    rule(
        "GOOGLE_APPLICATION_CREDENTIALS GOOGLE_CREDENTIALS GOOGLE_GHA_CREDS_PATH GOOGLE_OAUTH_ACCESS_TOKEN \
         GOOGLE_IMPERSONATE_SERVICE_ACCOUNT GOOGLE_EXTERNAL_ACCOUNT_* GOOGLE_API_USE_* GOOGLE_CLOUD_UNIVERSE_DOMAIN \
         CLOUDSDK_* GCE_METADATA_* ALIBABA_CLOUD_* ALICLOUD_*",
        "it decides as whom, and where, tools of Google Cloud and Alibaba Cloud sign in",
    ),
    rule(
        "KUBECONFIG KUBE_* KUBECTL_* KUBERNETES_* KREW_ROOT HELM_* KUSTOMIZE_* MINIKUBE_* ARGOCD_SERVER ARGOCD_OPTS \
         HELMFILE_* SKAFFOLD_* TALOSCONFIG",
        "kubectl, Helm and similar tools turn to another cluster by it, or run plugins",
    ),
    rule(
        "DOCKER_HOST DOCKER_CONFIG DOCKER_CONTEXT DOCKER_CERT_PATH DOCKER_TLS* DOCKER_API_VERSION DOCKER_AUTH_CONFIG \
         DOCKER_CONTENT_TRUST* DOCKER_CLI_* DOCKER_CUSTOM_HEADERS BUILDX_* BUILDKIT_* COMPOSE_FILE COMPOSE_ENV_FILES \
         COMPOSE_PATH_SEPARATOR CONTAINER_HOST CONTAINER_SSHKEY CONTAINER_CONNECTION CONTAINERS_* REGISTRY_AUTH_FILE \
         REGISTRIES_CONFIG_PATH BUILDAH_* PODMAN_* \
         APPTAINER_* SINGULARITY_*",
        "Docker, Podman and similar tools turn to another daemon or registry by it, or sign in as somebody else",
    ),
    rule(
        "COSIGN_* SIGSTORE_* REKOR_* FULCIO_* TUF_ROOT CODEQL_*",
        "it decides which signatures are believed, or what is scanned with",
    ),
    rule(
        "TF_CLI_* TF_DATA_DIR TF_PLUGIN_* TF_REATTACH_PROVIDERS TF_REGISTRY_* TF_TOKEN_* TF_ENCRYPTION \
         TERRAFORM_CONFIG TFENV_* TOFUENV_* TERRAGRUNT_* TG_* PULUMI_* PACKER_* ANSIBLE_* VAULT_* CONSUL_HTTP_* \
         CONSUL_CACERT CONSUL_CAPATH NOMAD_* BAO_* ETCDCTL_* TFLINT_* CDK_DOCKER",
        "Terraform and similar tools run other plugins by it, or turn to another service with their tokens",
    ),
    rule(
        "PGSERVICEFILE PGSYSCONFDIR PGPASSFILE PSQLRC PSQL_* MYSQL_HOME MYSQL_TEST_LOGIN_FILE LIBMYSQL_* ODBC* \
         ORACLE_HOME ORACLE_PATH ORA_NLS* SQLPATH TWO_TASK DB2_HOME DB2CLIINIPATH DB2DSDRIVER_CFG_PATH IBM_DB_HOME INFORMIXDIR \
         INFORMIXSQLHOSTS SYBASE FREETDS* TDSDUMP* CASSANDRA_INCLUDE CASSANDRA_HOME CASSANDRA_CONF \
         TNS_ADMIN LDAPRC LDAPCONF LDAPTLS_* SASL_PATH",
        "a database's client loads settings or drivers by it",
    ),
];
