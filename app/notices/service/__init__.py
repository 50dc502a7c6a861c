"""What people do with notices: draft, approve, issue, withdraw; deliver, remind; read, sign."""
