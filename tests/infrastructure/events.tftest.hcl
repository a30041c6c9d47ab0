# The example `events`, applied to the test server, which makes no state machines.
override_resource {
  target = aws_sfn_state_machine.redeploy
  values = { arn = "arn:aws:states:eu-central-1:123456789012:stateMachine:cstore-shop-redeploy" }
}

run "applied" {
  variables {
    github_token = "ghp_of_the_example"
  }
}
