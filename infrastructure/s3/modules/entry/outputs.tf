output "entry" {
  description = "The entry, once it is found to be right."
  value       = var.entry
}
