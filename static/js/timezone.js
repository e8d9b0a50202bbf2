// Tells the server which clock the reader's times belong to. Without it times carry the name of their zone.
try {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone && !document.cookie.includes("zone=" + zone)) {
    document.cookie = "zone=" + zone + "; path=/; max-age=31536000; samesite=lax";
  }
} catch { /* An old browser keeps the named zone. */ }
