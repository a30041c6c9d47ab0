use crate::environment::Environment;
use crate::option::{PROFILE, RawOptions};
use crate::secret::Secret;

/// Has the SDK take the profile that a flag names, also where variables hold other credentials: who names one means it.
pub(super) fn take_profile(raw: &RawOptions, environment: &mut Environment) {
    let Some(profile) = raw.text(&PROFILE) else { return };
    ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"]
        .iter()
        .for_each(|name| environment.remove(name));
    environment.set("AWS_PROFILE", Secret::from(profile));
}
