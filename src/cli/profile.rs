use crate::environment::Environment;
use crate::option::{PROFILE, RawOptions};
use crate::secret::Secret;

/// The variable by which AWS's tools are given a profile.
const VARIABLE: &str = "AWS_PROFILE";

/// Has the SDK take the profile that a flag names, also where variables hold other credentials: who names one means it.
///
/// The one that a variable of AWS's names counts as given, so that messages say whose credentials they are.
pub(super) fn take_profile(raw: &mut RawOptions, environment: &mut Environment) {
    let Some(profile) = raw.text(&PROFILE) else {
        let has_others = environment.text("AWS_ACCESS_KEY_ID").is_some_and(|id| !id.trim().is_empty());
        if let Some(profile) = environment.text(VARIABLE).filter(|name| !name.trim().is_empty() && !has_others) {
            raw.set_by_variable(&PROFILE, profile.trim(), VARIABLE);
        }
        return;
    };
    *environment = with_profile(environment, profile);
}

/// The environment of a run with the credentials of this profile.
pub(super) fn with_profile(environment: &Environment, profile: &str) -> Environment {
    let mut environment = environment.clone();
    ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"]
        .iter()
        .for_each(|name| environment.remove(name));
    environment.set(VARIABLE, Secret::from(profile));
    environment
}
