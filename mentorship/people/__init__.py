"""What mentors and children share: names, IIN, languages, interests, phones."""
